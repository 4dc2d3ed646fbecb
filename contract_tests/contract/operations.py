"""Operations of an OpenAPI document: their requests, responses, parameters and header fields."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from contract_tests.contract.media_types import JSON_MEDIA_TYPE, base_of, example_of, fits, is_json, kind_of
from contract_tests.contract.parameters import read_header, read_parameters, schema_of_parameters
from contract_tests.contract.references import resolve, resolve_schema
from contract_tests.contract.security import Scheme, read_security, servable
from spec.costs import does_cost
from spec.operations import IGNORED_RESPONSE_HEADERS
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_tests.contract.media_types import Kind
    from contract_tests.contract.parameters import Parameter
    from contract_tests.contract.security import Alternative
    from spec.json_value import Json
    from spec.reader import Spec

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The methods for which OpenAPI knows operations."""
REQUEST: Final = "request"
"""The name of the main body of requests. A `ResponseBody` has a name of its own."""
_OF_TEXTS: Final = {"format", "contentMediaType", "contentEncoding", "description", "title", "example", "examples"}
UPDATING: Final = ("PATCH", "PUT")
"""The methods that change what is at a path (RFC 5789; RFC 9110, section 9.3.4)."""


class ResponseBody(NamedTuple):
    """The JSON bodies of responses with one status and one media type."""

    name: str
    """The status as the spec writes it, and the media type where the status has several."""
    media_type: str
    """As the spec writes it: `application/json`, `application/problem+json`, `application/*`."""
    schema: str
    """The JSON Pointer of its schema."""


class Content(Struct, frozen=True):
    """A kind of body that an operation takes: a media type or a range of them, and its schema."""

    media_type: str
    """As the spec writes it: `application/json; charset=utf-8`, `image/*`."""
    pointer: str
    """The JSON Pointer of the media type object."""
    schema: str | None
    """The JSON Pointer of the schema; None if the spec has none."""
    sent_as: str = ""
    """The media type that our requests name: of a range, one that it has."""

    @property
    def kind(self) -> Kind:
        """The kind of the bodies that are sent."""
        return kind_of(self.sent_as or self.media_type)

    def kind_as(self, media_type: str) -> Kind:
        """The kind of a body under a media type of the range. Of a range of texts, XML is any text."""
        kind = kind_of(media_type)
        return self.kind if kind == "xml" and self.kind in {"text", "binary"} else kind

    @property
    def is_json(self) -> bool:
        """True if the bodies are JSON."""
        return self.kind == "json"


class Operation(Struct, frozen=True):
    """One method of one path."""

    method: str
    path: str
    """The path template: `/orders/{id}`."""
    pointer: str
    body: str | None
    """The JSON Pointer of the schema of its main body: the first that is JSON, or else the first that is not XML."""
    responses: Mapping[str, tuple[ResponseBody, ...]]
    """The JSON bodies of each status that the spec has, the most exact media type first."""
    parameters: tuple[Parameter, ...] = ()
    """The parameters of its path are among them."""
    is_body_required: bool = False
    security: tuple[Alternative, ...] = ((Scheme("Bearer"),),)
    """The alternatives of credentials that a request may have; an empty one needs none."""
    contents: tuple[Content, ...] = ()
    """All kinds of body that it takes: JSON first, then the others in the order of the spec."""
    costs: bool = True
    """True if each accepted request is a call, by the word of the spec (see spec/costs.py)."""
    given: frozenset[str] = frozenset()
    """The names of the schemes whose own secrets the target has; the empty name if it has a token for the others."""

    @property
    def is_secured(self) -> bool:
        """True if every request needs credentials."""
        return bool(self.security) and () not in self.security

    @property
    def is_servable(self) -> bool:
        """True if a request can have the credentials that it needs."""
        return not self.is_secured or next(servable(self.security), None) is not None

    @property
    def unserved(self) -> str:
        """The schemes that no request can serve, in words: `http digest (Legacy)`."""
        unknown = (each for each in self.schemes if each.kind == "unknown")
        return ", ".join(f"{each.description} ({each.name})" for each in unknown)

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """The alternatives of credentials that requests try, that of most requests first.

        They are all that have secrets of their own, the first other one if there is a token, and having none. A token
        alone has no user, so an alternative with a basic scheme is the last one that it is for.
        """
        able = tuple(servable(self.security))
        named = tuple(each for each in able if each and all(scheme.name in self.given for scheme in each))
        others = sorted((each for each in able if each and each not in named), key=self._lacks_a_user)
        first_other = others[:1] if "" in self.given or not named else ()
        return (*named, *first_other, *(each for each in able if not each))

    def _lacks_a_user(self, alternative: Alternative) -> bool:
        """Tells whether a scheme of an alternative needs a user beside the token."""
        return any(scheme.kind == "basic" and scheme.name not in self.given for scheme in alternative)

    @property
    def credentials(self) -> Alternative:
        """The schemes that most requests serve: those of the first alternative that is tried."""
        return next(iter(self.alternatives), ())

    @property
    def schemes(self) -> tuple[Scheme, ...]:
        """Every scheme of its alternatives, each once."""
        return tuple(dict.fromkeys(scheme for alternative in self.security for scheme in alternative))

    @property
    def parameters_schema(self) -> str | None:
        """The JSON Pointer of the schema of all its parameters, by location and name; None if it has none."""
        return schema_of_parameters(self.pointer) if self.parameters else None

    @property
    def changes_a_thing(self) -> bool:
        """True if it deletes what is at its path, or changes it where the path has an id."""
        return changes_things_at(self.method, self.path)

    @property
    def label(self) -> str:
        """The name that Schemathesis gives it too: `POST /path`."""
        return f"{self.method} {self.path}"

    @property
    def contents_by_rank(self) -> list[Content]:
        """The kinds of body that it takes, that of its main body first."""
        return sorted(self.contents, key=lambda each: (each.schema != self.body, not each.is_json))

    def content_of(self, media_type: str) -> Content | None:
        """The kind of body that a media type, without parameters, stands for: the most specific one that fits."""
        fitting = (each for each in self.contents if fits(each.media_type, media_type))
        return min(fitting, key=lambda each: base_of(each.media_type).count("*"), default=None)

    def request_name(self, content: Content | None) -> str:
        """The name of a kind of body: `request` for the main one, else with its media type: `request text/plain`."""
        if content is None or content == self.contents_by_rank[0]:
            return REQUEST
        return f"{REQUEST} {content.media_type}"

    def response_key(self, status: int) -> str | None:
        """The spec's key of the responses with a status: `200`, `2XX` or `default`; None if it has none."""
        keys = (str(status), f"{status // 100}XX", "default")
        return next((key for key in keys if key in self.responses), None)

    def response_body(self, status: int, media_type: str | None) -> ResponseBody | None:
        """The JSON bodies with a status and a media type; None if the spec has none.

        A response that names no media type is read as the first one that the spec has.
        """
        bodies = self.responses.get(self.response_key(status) or "", ())
        return next((each for each in bodies if media_type is None or _is_of(media_type, each)), None)

    def response_bodies(self) -> Iterator[ResponseBody]:
        """Yields the JSON bodies of all responses, in the order of the spec."""
        return chain.from_iterable(self.responses.values())


def changes_things_at(method: str, path: str) -> bool:
    """Tells whether a method deletes what is at a path, or changes it where the path has an id.

    >>> [changes_things_at(each, "/things/{id}") for each in ("GET", "POST", "PUT", "PATCH", "DELETE")]
    [False, False, True, True, True]
    >>> [changes_things_at(each, "/settings") for each in ("PUT", "PATCH", "DELETE")]
    [False, False, True]
    """
    return method == "DELETE" or (method in UPDATING and "{" in path)


def read_operations(spec: Spec) -> Iterator[Operation]:
    """Reads every operation, in the order of the spec's paths."""
    for path in spec.document.get("paths", {}):
        place = resolve(spec, f"/paths/{escape(path)}")
        yield from (_read_operation(spec, path, place, method) for method in METHODS if method in spec.value(place))


def response_definition(spec: Spec, operation: Operation, key: str) -> tuple[str, Mapping[str, Json]]:
    """The JSON Pointer and the value of the responses under a key: `200`, `2XX`, `default`."""
    pointer = resolve(spec, f"{operation.pointer}/responses/{escape(key)}")
    return pointer, spec.value(pointer)


def read_response_headers(spec: Spec, operation: Operation, key: str) -> Iterator[Parameter]:
    """Reads the header fields of the responses under a key."""
    pointer, response = response_definition(spec, operation, key)
    for name in response.get("headers", {}):
        if name.lower() not in IGNORED_RESPONSE_HEADERS:
            place = resolve(spec, f"{pointer}/headers/{escape(name)}")
            yield read_header(spec, place, name)


def _read_operation(spec: Spec, path: str, place: str, method: str) -> Operation:
    pointer = f"{place}/{method}"
    definition = spec.value(pointer)
    contents = tuple(read_contents(spec, f"{pointer}/requestBody")) if "requestBody" in definition else ()
    described = [each for each in contents if each.schema and each.kind != "xml"]
    main = min(described, key=lambda each: not each.is_json, default=None)
    responses = {
        str(status): _read_response_bodies(spec, f"{pointer}/responses/{escape(str(status))}")
        for status in definition.get("responses", {})
    }
    return Operation(
        method.upper(),
        path,
        pointer,
        main.schema if main else None,
        responses,
        tuple(read_parameters(spec, pointer)),
        is_body_required=_is_body_required(spec, pointer),
        security=read_security(spec, definition),
        contents=contents,
        costs=does_cost(method, definition),
    )


def _is_body_required(spec: Spec, pointer: str) -> bool:
    if "requestBody" not in spec.value(pointer):
        return False
    return bool(spec.value(resolve(spec, f"{pointer}/requestBody")).get("required", False))


def _read_response_bodies(spec: Spec, pointer: str) -> tuple[ResponseBody, ...]:
    """Reads the JSON bodies of a response. A range of media types counts where no exact one applies."""
    status, pointer = pointer.rpartition("/")[2], resolve(spec, pointer)
    content = spec.value(pointer).get("content", {})
    found = [name for name, each in content.items() if "schema" in each and (is_json(name) or "*" in name)]
    found.sort(key=lambda name: (name.count("*"), name != JSON_MEDIA_TYPE))
    schemas = [resolve_schema(spec, f"{pointer}/content/{escape(name)}/schema") for name in found]
    names = [status if len(found) == 1 else f"{status} {name}" for name in found]
    return tuple(map(ResponseBody, names, found, schemas))


def _is_of(media_type: str, body: ResponseBody) -> bool:
    return fits(body.media_type, media_type)


def read_contents(spec: Spec, pointer: str) -> Iterator[Content]:
    """The kinds of body under `content`: JSON by its own name first, then the others as the spec has them."""
    pointer = resolve(spec, pointer)
    found = spec.value(pointer).get("content", {})
    for media_type in sorted(found, key=lambda each: each != JSON_MEDIA_TYPE):
        place = f"{pointer}/content/{escape(media_type)}"
        schema = resolve_schema(spec, f"{place}/schema") if "schema" in found[media_type] else None
        is_structured = schema is not None and not _is_text(spec.value(schema))
        yield Content(media_type, place, schema, example_of(media_type, is_structured=is_structured, others=found))


def _is_text(schema: Json) -> bool:
    """Tells whether a schema takes texts alone, as one of bytes does. One without a type may be meant so."""
    return not isinstance(schema, dict) or not schema.keys() - _OF_TEXTS or schema.get("type") == "string"
