"""The parts of an operation's messages, with the statements about them: its parameters, then each kind of body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from contract_tests.contract.media_types import is_multipart
from contract_tests.contract.operations import REQUEST, response_definition
from contract_tests.contract.parameters import LOCATIONS
from contract_tests.contract.statements import ABSENT, Key, Section, Stated, walk_body
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_tests.contract.operations import Content, Operation
    from contract_tests.contract.parameters import Parameter
    from spec.json_value import Json
    from spec.reader import Spec

PARAMETERS: Final = "parameters"
"""The name of all parameters together, beside the names of bodies."""


def is_of_request(name: str) -> bool:
    """True if a name is that of a part of requests, and not of a response's body."""
    return name == PARAMETERS or name.partition(" ")[0] == REQUEST


def walk_request(spec: Spec, operation: Operation) -> Iterator[tuple[str, tuple[Section, ...]]]:
    """Yields the name of each part of an operation's requests, with all that is stated about it."""
    if operation.parameters:
        yield PARAMETERS, tuple(_walk_parameters(spec, operation))
    for content in operation.contents_by_rank:
        yield operation.request_name(content), tuple(_walk_content(spec, operation, content))


def walk_other_responses(spec: Spec, operation: Operation) -> Iterator[tuple[str, tuple[Section, ...]]]:
    """Yields the name of each kind of response that is no JSON, with its media type, and its parts if it has some."""
    for key in operation.responses:
        for name, media_type, pointer in other_bodies(spec, operation, key):
            has_parts = is_multipart(media_type) and "schema" in spec.value(pointer)
            parts = (Stated("type", "parts by the schema", key_of_parts(pointer)),) if has_parts else ()
            yield name, (Section(name, 0, pointer, "", (Stated("media type", media_type, Key(pointer)), *parts)),)


def key_of_parts(pointer: str) -> Key:
    """Tells the statement about the parts of a kind of response, by the pointer of its media type, from all others."""
    return Key(f"{pointer}/schema", "parts")


def other_bodies(spec: Spec, operation: Operation, key: str) -> Iterator[tuple[str, str, str]]:
    """Yields the name, the media type and the pointer of each kind of response under a key that is no JSON."""
    pointer, response = response_definition(spec, operation, key)
    known = {each.media_type for each in operation.responses[key]}
    for media_type in response.get("content", {}):
        if media_type not in known:
            yield f"{key} {media_type}", media_type, f"{pointer}/content/{escape(media_type)}"


def presence(parameter: Parameter) -> Key:
    """Tells the statement that a parameter is required, or may be absent, from all others."""
    return Key(f"{parameter.pointer}/required", parameter.name if parameter.is_required else ABSENT)


def presences(operation: Operation) -> Mapping[Key, Key]:
    """Maps what the schema of all parameters states about the presence of each to the statement in the spec."""
    return {_presence_in_schema(operation, each): presence(each) for each in operation.parameters}


def _presence_in_schema(operation: Operation, parameter: Parameter) -> Key:
    above = f"{operation.parameters_schema}/properties/{parameter.location}"
    if parameter.is_required:
        return Key(f"{above}/required", parameter.name)
    return Key(f"{above}/properties/{escape(parameter.name)}", ABSENT)


def _walk_parameters(spec: Spec, operation: Operation) -> Iterator[Section]:
    yield Section(PARAMETERS, 0, operation.pointer, "", ())
    for location in LOCATIONS:
        parameters = [each for each in operation.parameters if each.location == location]
        if parameters:
            yield Section(location, 1, operation.pointer, "", ())
        for parameter in parameters:
            yield from _walk_parameter(spec, parameter)


def _walk_parameter(spec: Spec, parameter: Parameter) -> Iterator[Section]:
    stated = (Stated("required" if parameter.is_required else "optional", parameter.name, presence(parameter)),)
    description = _text(spec.value(parameter.pointer), "description")
    if parameter.schema is None:
        yield Section(parameter.name, 2, parameter.pointer, description, stated)
        return
    first, *others = walk_body(spec, parameter.schema, parameter.name, depth=2, stated=stated)
    yield replace(first, pointer=parameter.pointer, description=description or first.description)
    yield from others


def _text(value: Json, key: str) -> str:
    return str(value.get(key, "")) if isinstance(value, dict) else ""


def _walk_content(spec: Spec, operation: Operation, content: Content) -> Iterator[Section]:
    """The parts of a kind of body. Of XML, and without a schema, nothing is known but the media type."""
    name = operation.request_name(content)
    media_type = Stated("media type", content.media_type, Key(content.pointer))
    if content.schema is None or content.kind == "xml":
        yield Section(name, 0, content.pointer, "", (media_type,))
    else:
        stated = (media_type,) if len(operation.contents) > 1 else ()
        yield from walk_body(spec, content.schema, name, stated=stated)
