"""Parameters of operations: how they are written, and one schema for all that a request has.

OpenAPI describes each parameter by a schema of its own. Here they are the fields of one value, by location and name:
`{"path": {"id": "a"}, "query": {"limit": 10}}`. So whatever works on a body works on them too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote

from msgspec import Struct

from contract_tests.contract.references import resolve
from spec.operations import IGNORED_HEADERS
from spec.reader import Spec, escape, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from spec.json_value import Json

Location = Literal["path", "query", "header", "cookie", "form"]
"""Where a request has a parameter; a form has its fields in the body, written like a query."""
LOCATIONS: Final[tuple[Location, ...]] = ("path", "query", "header", "cookie")
Style = Literal["simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject"]
_STYLES: Final[Mapping[Location, Style]] = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
"""The style of a parameter where the spec states none (OpenAPI 3.1, section 4.8.12)."""
_KEY: Final = "x-parameters-as-one"
"""The key of an operation that has the schema of all its parameters. No spec has it: it is made when one is read."""


class Parameter(Struct, frozen=True):
    """A parameter that requests to an operation may have, or must have."""

    name: str
    location: Location
    pointer: str
    """The JSON Pointer of its definition."""
    schema: str | None
    """The JSON Pointer of its schema; None if the spec has none."""
    is_required: bool = False
    style: Style = "form"
    is_exploded: bool = True
    """True if arrays and objects are written with a part for each item or field, where the style has a choice."""
    media_type: str | None = None
    """The media type by which its text is written, in place of a style; None if it has a style."""


def read_parameters(spec: Spec, pointer: str) -> Iterator[Parameter]:
    """Reads the parameters of an operation's path and its own, which override them."""
    lists = (f"{above}/parameters" for above in (pointer.rpartition("/")[0], pointer))
    places = [place for pointer in lists for place in _items(spec, pointer)]
    found = {(spec.value(place)["name"], spec.value(place)["in"]): place for place in places}
    for (name, location), place in found.items():
        if location != "header" or name.lower() not in IGNORED_HEADERS:
            yield _read_parameter(spec, place)


def schema_of_parameters(pointer: str) -> str:
    """The JSON Pointer of the schema of all parameters of the operation that a pointer leads to."""
    return f"{pointer}/{_KEY}"


def with_parameter_schemas(spec: Spec, parameters: Mapping[str, Sequence[Parameter]]) -> Spec:
    """The spec, with a schema of all parameters in each operation that has some: by the pointer of the operation."""
    document = spec.document
    for pointer, of_operation in parameters.items():
        if of_operation:
            document = _with_value(document, tokens(schema_of_parameters(pointer)), _make_schema(of_operation))
    return Spec(spec.path, spec.text, document, spec.places)


def _make_schema(parameters: Sequence[Parameter]) -> dict[str, Json]:
    used = [location for location in LOCATIONS if any(each.location == location for each in parameters)]
    fields = {
        location: _make_schema_of_location([each for each in parameters if each.location == location])
        for location in used
    }
    return {"type": "object", "properties": fields, "required": used}


def _make_schema_of_location(parameters: Sequence[Parameter]) -> dict[str, Json]:
    schemas = {each.name: True if each.schema is None else {"$ref": f"#{quote(each.schema)}"} for each in parameters}
    required = [each.name for each in parameters if each.is_required]
    return {"type": "object", "properties": schemas, "required": required}


def _with_value(document: dict[str, Any], way: Sequence[str], value: Json) -> dict[str, Any]:
    """A copy of the document with a value where the way leads. The copy shares the other parts."""
    key, *further = way
    return {**document, key: _with_value(document.get(key, {}), further, value) if further else value}


def read_header(spec: Spec, pointer: str, name: str) -> Parameter:
    """Reads the header field at a pointer: a parameter whose name and place are said elsewhere."""
    return _read(spec, pointer, name, "header")


def _read_parameter(spec: Spec, pointer: str) -> Parameter:
    definition = spec.value(pointer)
    return _read(spec, pointer, definition["name"], definition["in"])


def _read(spec: Spec, pointer: str, name: str, location: Location) -> Parameter:
    definition = spec.value(pointer)
    style = definition.get("style", _STYLES[location])
    media_type = next(iter(definition.get("content", {})), None)
    above = pointer if media_type is None else f"{pointer}/content/{escape(media_type)}"
    return Parameter(
        name,
        location,
        pointer,
        f"{above}/schema" if "schema" in spec.value(above) else None,
        is_required=definition.get("required", False),
        style=style,
        is_exploded=definition.get("explode", style == "form"),
        media_type=media_type,
    )


def _items(spec: Spec, pointer: str) -> list[str]:
    """The JSON Pointers of the items of a list, references resolved; none if there is no list."""
    above, _, name = pointer.rpartition("/")
    return [resolve(spec, f"{pointer}/{index}") for index, _ in enumerate(spec.value(above).get(name, []))]
