"""Operations of an OpenAPI document: their requests, responses, parameters and header fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from spec.media_types import JSON_MEDIA_TYPE, base_of, fits, is_json_media_type
from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spec.json_value import Json
    from spec.media_types import JSON_MEDIA_TYPE, base_of, fits, is_json_media_type
from spec.reader import Spec

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The methods for which OpenAPI knows operations."""
_IGNORED_PARAMETERS: Final = {"accept", "content-type", "authorization"}
"""Header fields that OpenAPI describes elsewhere: it says to ignore parameters of these names."""
_ANNOTATIONS: Final = {
    *("title", "description", "default", "deprecated", "readOnly", "writeOnly", "example", "examples", "$comment"),
    *("discriminator", "xml", "externalDocs", "$defs", "contentEncoding", "contentMediaType", "contentSchema"),
}
"""The keywords of a schema that say nothing of which values are valid."""
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
class Content:
    """A kind of body that an operation takes: a media type or a range of them, and its schema."""

    media_type: str
    """As the spec writes it: `application/json; charset=utf-8`, `image/*`."""
    pointer: str
    """The JSON Pointer of the media type object."""
    schema: str | None
    """The JSON Pointer of the schema; None if the spec has none."""

    @property
    def is_json(self) -> bool:
        """True if the bodies are JSON (RFC 6839 has the suffix)."""
        return is_json_media_type(self.media_type)


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
    contents: tuple[Content, ...] = ()
    """All kinds of body that it takes, in the order of the spec. `body` is the schema of the first that is JSON."""

    @property
    def label(self) -> str:
        """The name that Schemathesis gives it too: `POST /path`."""
        return f"{self.method} {self.path}"

    @property
    def json_media_type(self) -> str:
        """The media type of bodies that `body` describes."""
        return next((each.media_type for each in self.contents if each.schema == self.body), JSON_MEDIA_TYPE)

    def content_of(self, media_type: str) -> Content | None:
        """The kind of body that a media type, without parameters, stands for: the most specific one that fits."""
        fitting = (each for each in self.contents if fits(each.media_type, media_type))
        return max(fitting, key=lambda each: base_of(each.media_type).count("*") * -1, default=None)

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
    while isinstance(value, dict) and "$ref" in value:
        if pointer in followed:
            raise ValueError(f"the reference at {pointer} leads back to itself")
        followed.add(pointer)
        pointer = target_of(value["$ref"])
        value = spec.value(pointer)
    return pointer


def resolve_schema(spec: Spec, pointer: str) -> str:
    """Follows `$ref` from a schema as long as nothing but annotations stands beside it (JSON Schema, section 8.2.3.1).

    Raises as `resolve` does.
    """
    followed: set[str] = set()
    value = spec.value(pointer)
    while isinstance(value, dict) and "$ref" in value and is_annotated_only(value.keys() - {"$ref"}):
        if pointer in followed:
            raise ValueError(f"the reference at {pointer} leads back to itself")
        followed.add(pointer)
        pointer = target_of(value["$ref"])
        value = spec.value(pointer)
    return pointer


def is_annotated_only(keywords: Iterable[str]) -> bool:
    """Tells whether a schema's keywords say nothing of which values are valid."""
    return all(keyword in _ANNOTATIONS or keyword.startswith("x-") for keyword in keywords)


def _read_operation(spec: Spec, path: str, method: str) -> Operation:
    pointer = f"/paths/{escape(path)}/{method}"
    definition = spec.value(pointer)
    contents = tuple(_read_contents(spec, f"{pointer}/requestBody")) if "requestBody" in definition else ()
    body = next((each.schema for each in contents if each.is_json and each.schema), None)
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
        contents=contents,
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


def _read_contents(spec: Spec, pointer: str) -> Iterator[Content]:
    """The kinds of body under `content`: JSON by its own name first, then the others as the spec has them."""
    pointer = resolve(spec, pointer)
    found = spec.value(pointer).get("content", {})
    for media_type in sorted(found, key=lambda each: each != JSON_MEDIA_TYPE):
        place = f"{pointer}/content/{escape(media_type)}"
        schema = resolve_schema(spec, f"{place}/schema") if "schema" in found[media_type] else None
        yield Content(media_type, place, schema)


def _json_schema(spec: Spec, pointer: str) -> str | None:
    """The JSON schema of a response; None if it has no JSON content."""
    return next((each.schema for each in _read_contents(spec, pointer) if each.is_json and each.schema), None)
