"""Links: the response to one operation has a value that another operation needs.

The spec states them as `links` of a response (OpenAPI 3.1, section 4.8.20). Where no link leads to an operation, one is
found by names: `POST /things` answers with an `id`, and `GET /things/{id}` needs one. Where the response has the field
Location and no such value, its last segment is the id.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from msgspec import Struct

from contract_tests.contract.operations import read_response_headers
from contract_tests.contract.parameters import LOCATIONS
from contract_tests.contract.references import resolve
from spec.reader import ABSENT, escape, target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.operations import Operation
    from contract_tests.contract.parameters import Parameter
    from contract_tests.contract.rules import Fields
    from spec.json_value import Json
    from spec.reader import Spec

_OF_PATH: Final = "$request.path."
_BODIES: Final[Mapping[str, Literal["request", "response"]]] = {
    "$request.body": "request",
    "$response.body": "response",
}
_VARIABLE: Final = re.compile(r"\{[^{}]*\}")
_EXTENSION: Final = re.compile(r"\.[a-z]+$")
"""The ending that some paths share: `/things.json` and `/things/{id}.json`."""
LAST_OF_LOCATION: Final = "$response.header.Location#last"
"""The last segment of the URL of what was created, as no expression of OpenAPI names it."""
_CREATED: Final = "id"
"""The name that the field of an id has everywhere, whatever the parameter is called."""
_IDS: Final = (_CREATED, "uuid", "guid", "sid", "slug", "key", "code")
"""The names of fields that tell one thing from all others of its kind."""


class Value(Struct, frozen=True, dict=True):
    """A value that a link hands over: what it is for, and the runtime expression that names it."""

    location: str
    """`path`, `query`, `header` or `cookie`."""
    name: str
    """The parameter's name."""
    expression: Json

    def found_in(self, values: Fields) -> Json:
        """The value in an exchange, or `ABSENT`: a value of a body or of the request's path.

        It reads no header field, query, constant, or text with an expression in it. Checks that look back know nothing
        of what these give. A judge has only the parts of an exchange that rules name. Requests that follow a
        whole exchange read all expressions, by `exchange/runtime_expressions.py`.
        """
        if self.place:
            return values.found(*self.place)
        expression = str(self.expression)
        is_of_path = expression.startswith(_OF_PATH) and isinstance(values.path, dict)
        return values.path.get(expression.removeprefix(_OF_PATH), ABSENT) if is_of_path else ABSENT

    @cached_property
    def place(self) -> tuple[Literal["request", "response"], str] | None:
        """The body that holds the value, and the JSON Pointer of it there; None if no body does."""
        root, _, pointer = str(self.expression).partition("#")
        message = _BODIES.get(root)
        return message and (message, pointer)

    def __str__(self) -> str:
        return f"{self.name} = {self.expression}"


class Link(Struct, frozen=True, dict=True):
    """The way from a response of one operation to a request of another."""

    source: Operation
    key: str
    """The spec's key of the responses: `200`, `2XX`, `default`."""
    target: Operation
    values: tuple[Value, ...]
    pointer: str
    """Where the spec has it; of one that is found by names, the parameter that it feeds."""
    is_stated: bool
    """False if it is found by names."""

    @cached_property
    def place(self) -> str | None:
        """The path of the thing that a `POST` answered with: the target's, up to the last variable that it hands over.

        None if there is no such thing: nothing of the path comes with the response, or another value is needed too.
        """
        values = {f"{{{each.name}}}": str(each.expression) for each in self.values if each.location == "path"}
        is_new = self.source.method == "POST" and any(each.startswith("$response") for each in values.values())
        parts = self.target.path.split("/")
        last = max((place for place, part in enumerate(parts) if any(name in part for name in values)), default=0)
        begin = "/".join(parts[: last + 1])
        return begin if is_new and last and {*_VARIABLE.findall(begin)} <= values.keys() else None

    @property
    def creates(self) -> bool:
        """True if it leads to a thing that its source creates for sure: the spec says so, or it adds to the collection.

        By names alone, a search may seem to create what it finds.
        """
        is_of_collection = (self.place or "").rpartition("/")[0] == _collection(self.source)
        return self.place is not None and (self.is_stated or is_of_collection)

    def __str__(self) -> str:
        values = ", ".join(map(str, self.values))
        how = "a link of the spec" if self.is_stated else "found by names, no link says so"
        return f"{self.source.label} → {self.target.label}: {values} ({how})"


def read_links(spec: Spec, operations: Sequence[Operation]) -> tuple[Link, ...]:
    """The links of a spec in its order, then those that names suggest for operations that no link leads to."""
    stated = tuple(link for operation in operations for link in _links_of(spec, operations, operation))
    reached = {link.target.label for link in stated}
    lonely = [operation for operation in operations if operation.label not in reached]
    return (*stated, *(link for target in lonely for link in _match_names(spec, operations, target)))


def _links_of(spec: Spec, operations: Iterable[Operation], source: Operation) -> Iterator[Link]:
    for key in source.responses:
        response = resolve(spec, f"{source.pointer}/responses/{escape(key)}")
        for name in spec.value(response).get("links", {}):
            pointer = resolve(spec, f"{response}/links/{escape(name)}")
            definition = spec.value(pointer)
            target = next((each for each in operations if _is_target(spec, each, definition)), None)
            if target:
                values = tuple(_values(target, definition.get("parameters", {})))
                yield Link(source, key, target, values, pointer, is_stated=True)


def _is_target(spec: Spec, operation: Operation, definition: Json) -> bool:
    """Tells whether a link leads to an operation of this document."""
    reference = definition.get("operationRef", "")
    if reference.startswith("#"):
        return target_of(reference) == operation.pointer
    identifier = definition.get("operationId")
    return identifier is not None and spec.value(operation.pointer).get("operationId") == identifier


def _values(target: Operation, parameters: dict[str, Json]) -> Iterator[Value]:
    """The values of a link, whose names may say the location too: `path.id`."""
    known = {parameter.name: parameter.location for parameter in target.parameters}
    for key, expression in parameters.items():
        location, _, name = key.partition(".")
        if location in LOCATIONS and name and key not in known:
            yield Value(location, name, expression)
        elif key in known:
            yield Value(known[key], key, expression)


def _match_names(spec: Spec, operations: Iterable[Operation], target: Operation) -> Iterator[Link]:
    """The first creating operation whose response has a value for every variable of a path."""
    needed = [parameter for parameter in target.parameters if parameter.location == "path"]
    for source in operations if needed else ():
        key = next((key for key in source.responses if key.startswith("2")), None)
        if source.method == "POST" and source != target and key:
            has_location = any(each.name.lower() == "location" for each in read_response_headers(spec, source, key))
            offer = _Offer(spec, source, _fields(spec, [body.schema for body in source.responses[key]]), has_location)
            values = tuple(filter(None, (offer.value_for(target, parameter) for parameter in needed)))
            is_new = any(str(value.expression).startswith("$response") for value in values)
            if is_new and len(values) == len(needed):
                pointer = f"{target.pointer}/parameters"
                yield Link(source, key, target, values, pointer, is_stated=False)
                return


class _Offer(NamedTuple):
    """The values that a creation may have for the variables of other paths."""

    spec: Spec
    source: Operation
    fields: Mapping[str, str]
    """The pointers of the schemas of the response's fields, by their names."""
    has_location: bool
    """True if the response has the field Location."""

    def value_for(self, target: Operation, parameter: Parameter) -> Value | None:
        """The value for a variable of a target's path."""
        name, variable = parameter.name, f"{{{parameter.name}}}"
        begin = target.path.split(variable)[0]
        if variable in self.source.path and self.source.path.split(variable)[0] == begin:
            return Value("path", name, f"{_OF_PATH}{name}")
        is_of_collection = begin == f"{_collection(self.source)}/"
        field = self._id_for(parameter) if is_of_collection else self._namesake(name)
        if field is not None:
            return Value("path", name, f"$response.body#/{escape(field)}")
        return Value("path", name, LAST_OF_LOCATION) if is_of_collection and self.has_location else None

    def _namesake(self, name: str) -> str | None:
        """The field that is called like a variable of another collection's path. Everything has an `id`."""
        return next((each for each in self.fields if _plain(each) == _plain(name) != _CREATED), None)

    def _id_for(self, parameter: Parameter) -> str | None:
        """The field that stands for the variable of a created thing's path.

        It is called like the variable, or like its end, such as `slug` for `org_slug`; or it is the `id`, or described
        by the same schema, or called like another kind of id.
        """
        wanted = _plain(parameter.name)
        ends = [each for each in self.fields if wanted.endswith(_plain(each)) and _plain(each) in _IDS]
        same = [each for each in self.fields if self._has_schema_of(each, parameter)]
        others = sorted(
            (each for each in self.fields if _plain(each) in _IDS), key=lambda each: _IDS.index(_plain(each))
        )
        namesakes = [each for each in self.fields if _plain(each) == wanted]
        return next(chain(namesakes, ends, filter(_is_id, self.fields), same, others), None)

    def _has_schema_of(self, field: str, parameter: Parameter) -> bool:
        """Tells whether a field and a parameter refer to the same schema."""
        described = [self.spec.value(each) for each in (self.fields[field], parameter.schema) if each is not None]
        references = [each.get("$ref") for each in described if isinstance(each, dict)]
        return len(references) == 2 and references[0] is not None and references[0] == references[1]  # noqa: PLR2004


def _is_id(field: str) -> bool:
    return _plain(field) == _CREATED


def _fields(spec: Spec, pointers: Iterable[str]) -> dict[str, str]:
    """The pointers of the schemas of a response's fields by their names, those of `allOf` among them."""
    waiting, fields, seen = list(pointers), dict[str, str](), set[str]()
    while waiting:
        place = resolve(spec, waiting.pop())
        schema = spec.value(place)
        if place not in seen and isinstance(schema, dict):
            seen.add(place)
            fields |= {name: f"{place}/properties/{escape(name)}" for name in schema.get("properties", {})}
            waiting += [f"{place}/allOf/{index}" for index, _ in enumerate(schema.get("allOf", ()))]
    return fields


def _collection(source: Operation) -> str:
    """The path below which things stand that an operation creates."""
    return _EXTENSION.sub("", source.path.rstrip("/"))


def _plain(name: str) -> str:
    """A name in the spelling that `thing_id`, `thingId` and `Thing-ID` share."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
