"""Operations of an OpenAPI document: their requests, responses, parameters and header fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from spec.costs import does_cost
from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spec.json_value import Json
    from spec.reader import Spec

JSON_MEDIA_TYPE: Final = "application/json"
METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The methods for which OpenAPI knows operations."""
_IGNORED_PARAMETERS: Final = {"accept", "content-type", "authorization"}
"""Header fields that OpenAPI describes elsewhere: it says to ignore parameters of these names."""
_IGNORED_RESPONSE_HEADERS: Final = {"content-type"}


@dataclass(frozen=True)
class Parameter:
    """A parameter that requests to an operation may have, or must have."""

    name: str
    location: str
    """`path`, `query`, `header` or `cookie`."""
    schema: str | None
    """The JSON Pointer of its schema; None if the spec describes it by `content`."""
    is_required: bool


@dataclass(frozen=True)
class ResponseHeader:
    """A header field that responses may have, or must have."""

    name: str
    is_required: bool
    schema: str | None
    """The JSON Pointer of its schema; None if the spec describes it by `content`."""


@dataclass(frozen=True)
class Operation:
    """One method of one path. `body` and `responses` hold JSON Pointers to the JSON schemas, where there are any."""

    method: str
    path: str
    """The path template: `/orders/{id}`."""
    pointer: str
    body: str | None
    responses: Mapping[str, str | None]
    parameters: tuple[Parameter, ...] = ()
    """The parameters of its path are among them."""
    is_body_required: bool = False
    is_secured: bool = True
    """True if every request needs credentials."""
    costs: bool = True
    """True if each accepted request is a call, by the word of the spec (see spec/costs.py)."""

    @property
    def label(self) -> str:
        """The name that Schemathesis gives it too: `POST /path`."""
        return f"{self.method} {self.path}"

    def response_key(self, status: int) -> str | None:
        """The spec's key of the responses with a status: `200`, `2XX` or `default`; None if it has none."""
        keys = (str(status), f"{status // 100}XX", "default")
        return next((key for key in keys if key in self.responses), None)

    def response_pointer(self, status: int) -> str | None:
        """The schema of the response with a status; None if the spec has none for it."""
        return self.responses.get(self.response_key(status) or "")


def read_operations(spec: Spec) -> Iterator[Operation]:
    """Reads every operation, in the order of the spec's paths."""
    for path, item in spec.document.get("paths", {}).items():
        yield from (_read_operation(spec, path, method) for method in METHODS if method in item)


def response_definition(spec: Spec, operation: Operation, key: str) -> tuple[str, Mapping[str, Json]]:
    """The JSON Pointer and the value of the responses under a key: `200`, `2XX`, `default`."""
    pointer = resolve(spec, f"{operation.pointer}/responses/{escape(key)}")
    return pointer, spec.value(pointer)


def read_response_headers(spec: Spec, operation: Operation, key: str) -> Iterator[ResponseHeader]:
    """Reads the header fields of the responses under a key."""
    pointer, response = response_definition(spec, operation, key)
    for name in response.get("headers", {}):
        if name.lower() not in _IGNORED_RESPONSE_HEADERS:
            place = resolve(spec, f"{pointer}/headers/{escape(name)}")
            yield ResponseHeader(name, spec.value(place).get("required", False), _own_schema(spec, place))


def resolve(spec: Spec, pointer: str) -> str:
    """Follows `$ref` from where a JSON Pointer leads; returns the pointer of the value that is no reference.

    Raises:
        LookupError: a reference leads nowhere.
        ValueError: a reference leads back to itself.
    """
    followed: set[str] = set()
    value = spec.value(pointer)
    while isinstance(value, dict) and "$ref" in value and "properties" not in value:
        if pointer in followed:
            raise ValueError(f"the reference at {pointer} leads back to itself")
        followed.add(pointer)
        pointer = target_of(value["$ref"])
        value = spec.value(pointer)
    return pointer


def _read_operation(spec: Spec, path: str, method: str) -> Operation:
    pointer = f"/paths/{escape(path)}/{method}"
    definition = spec.value(pointer)
    body = _json_schema(spec, f"{pointer}/requestBody") if "requestBody" in definition else None
    responses = {
        str(status): _json_schema(spec, f"{pointer}/responses/{escape(str(status))}")
        for status in definition.get("responses", {})
    }
    return Operation(
        method.upper(),
        path,
        pointer,
        body,
        responses,
        tuple(_read_parameters(spec, pointer)),
        is_body_required=_is_body_required(spec, pointer),
        is_secured=_is_secured(spec, definition),
        costs=does_cost(method, definition),
    )


def _is_secured(spec: Spec, definition: Mapping[str, Json]) -> bool:
    """Tells whether a request without credentials meets none of the alternatives under `security`."""
    alternatives = definition.get("security", spec.document.get("security", []))
    return bool(alternatives) and {} not in alternatives


def _is_body_required(spec: Spec, pointer: str) -> bool:
    if "requestBody" not in spec.value(pointer):
        return False
    return bool(spec.value(resolve(spec, f"{pointer}/requestBody")).get("required", False))


def _read_parameters(spec: Spec, pointer: str) -> Iterator[Parameter]:
    """Reads the parameters of the path and those of the operation, which override them."""
    lists = (f"{above}/parameters" for above in (pointer.rpartition("/")[0], pointer))
    places = [place for pointer in lists for place in _items(spec, pointer)]
    found = {(spec.value(place)["name"], spec.value(place)["in"]): place for place in places}
    for (name, location), place in found.items():
        if location != "header" or name.lower() not in _IGNORED_PARAMETERS:
            yield Parameter(name, location, _own_schema(spec, place), spec.value(place).get("required", False))


def _items(spec: Spec, pointer: str) -> list[str]:
    """The JSON Pointers of the items of a list, references resolved; none if there is no list."""
    above, _, name = pointer.rpartition("/")
    return [resolve(spec, f"{pointer}/{index}") for index, _ in enumerate(spec.value(above).get(name, []))]


def _own_schema(spec: Spec, pointer: str) -> str | None:
    """The schema of a parameter or header field."""
    return f"{pointer}/schema" if "schema" in spec.value(pointer) else None


def _json_schema(spec: Spec, pointer: str) -> str | None:
    """The JSON schema of a request body or a response; None if it has no JSON content."""
    pointer = resolve(spec, pointer)
    content = spec.value(pointer).get("content", {})
    if "schema" not in content.get(JSON_MEDIA_TYPE, {}):
        return None
    return resolve(spec, f"{pointer}/content/{escape(JSON_MEDIA_TYPE)}/schema")
