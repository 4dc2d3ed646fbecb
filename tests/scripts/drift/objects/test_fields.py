"""The table of OpenAPI's fields is whole, and each change of each field has its class, in both directions."""

from __future__ import annotations

import json
from copy import deepcopy
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import pytest

from scripts.drift.classify import classify
from scripts.drift.differences import IMPACTS
from scripts.drift.objects.fields import FIELDS
from spec.reader import ABSENT
from tests.support.drift_edits import as_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.drift.differences import Impact
    from scripts.drift.effects import Effect
    from spec.json_value import Json

Document = dict[str, Any]

OPENAPI: Final = "openapi_spec_validator/resources/schemas/v3.1/schema.json"
# The official schema has no row for these, and the specification has them.
NOT_IN_SCHEMA: Final = {("link", "server"), ("path-item", "$ref")}


def openapi_fields() -> Iterator[tuple[str, str]]:
    """Yields the name of each object of OpenAPI 3.1, and each of its fields, as the official schema has them."""
    path = Path(str(distribution("openapi-spec-validator").locate_file(OPENAPI)))
    schema = json.loads(path.read_text())
    objects = schema.pop("$defs")
    objects["oauth-flow"] = objects["oauth-flows"].pop("$defs")
    for name, definition in {"openapi": schema, **objects}.items():
        yield from ((name, field) for field in properties(definition))


def properties(value: Json) -> set[str]:
    """The names of all properties in a schema and below."""
    own = set(value.get("properties", {})) if isinstance(value, dict) else set()
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return own.union(*map(properties, inner))


def test_every_field_of_openapi_has_a_row() -> None:
    # `examples` and `example` are defined apart, for all objects that have them.
    shared = [("examples", "example"), ("examples", "examples")]
    missing = [pair for pair in openapi_fields() if pair not in shared and pair[1] not in FIELDS.get(pair[0], {})]
    assert missing == []


def test_no_row_is_about_a_field_that_is_none() -> None:
    known = {*openapi_fields(), *((name, field) for name in FIELDS for field in ("example", "examples"))}
    assert {(name, field) for name, row in FIELDS.items() for field in row} - known == NOT_IN_SCHEMA


S: Final[Document] = {"type": "string"}
SHORT: Final[Document] = {"type": "string", "maxLength": 5}
LINE: Final[Document] = {"application/json": {"schema": S}}
DONE: Final[Document] = {"description": "Done."}
GET: Final[Document] = {"responses": {"200": DONE}}
HOOK: Final[Document] = {"{$request.query.q}": {"post": GET}}
FLOW: Final[Document] = {"tokenUrl": "https://a.test/t", "scopes": {"read": "Reads."}}
SERVER: Final[Document] = {"url": "https://a.test"}
OTHER: Final[Document] = {"url": "https://b.test"}
IMAGES: Final[Document] = {"photo": {"contentType": "image/png"}}
LIST: Final[Document] = {"type": "array", "items": S}
QUERY: Final[Document] = {"name": "q", "in": "query", "schema": LIST}
OPERATION: Final[Document] = {
    "parameters": [QUERY, {"name": "by", "in": "query", "content": LINE}],
    "requestBody": {
        "content": {
            "multipart/form-data": {"schema": {"type": "object", "properties": {"photo": S}}, "encoding": {"photo": {}}}
        }
    },
    "responses": {
        "200": {
            "description": "Done.",
            "headers": {"X-Left": {"schema": LIST}, "X-All": {"content": LINE}},
            "content": LINE,
            "links": {"again": {}},
        }
    },
}
DOCUMENT: Final[Document] = {
    "openapi": "3.1.0",
    "info": {"title": "All", "version": "1.0.0"},
    "servers": [{"url": "https://{a}.test", "variables": {"a": {"default": "x"}}}],
    "security": [{"key": [], "login": ["read"]}],
    "components": {
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "login": {"type": "oauth2", "flows": {"password": FLOW}},
        }
    },
}
ITEMS: Final = {"paths": "/all", "webhooks": "all"}
"""The name of the path item with the operation, where clients send, and where they receive."""

Owner = tuple[str | int, ...]
ITEM: Final[Owner] = ("item",)
POST: Final[Owner] = (*ITEM, "post")
PARAMETER: Final[Owner] = (*POST, "parameters", 0)
FORM: Final[Owner] = (*POST, "requestBody", "content", "multipart/form-data")
ENCODING: Final[Owner] = (*FORM, "encoding", "photo")
RESPONSE: Final[Owner] = (*POST, "responses", "200")
HEADER: Final[Owner] = (*RESPONSE, "headers", "X-Left")
LINK: Final[Owner] = (*RESPONSE, "links", "again")
KEY: Final[Owner] = ("components", "securitySchemes", "key")
FLOWS: Final[Owner] = ("components", "securitySchemes", "login", "flows")


class Row(NamedTuple):
    """The effects of giving a field a first value, of taking it away, and of giving it another one.

    `default` states what an absent field means. None stands for a change that no sound document can make.
    "editorial" stands for one that reaches no operation.
    """

    owner: Owner
    first: Json
    other: Json = ABSENT
    added: Effect | Literal["editorial"] | None = "different"
    removed: Effect | None = "different"
    changed: Effect | None = "different"
    default: Json = ABSENT


def needed(owner: Owner, first: Json, other: Json, changed: Effect = "different") -> Row:
    """The row of a field that no document can lack."""
    return Row(owner, first, other, None, None, changed)


def news(owner: Owner, first: Json, other: Json) -> Row:
    """The row of something that nobody must use, and that breaks those who do when it goes."""
    return Row(owner, first, other, added="harmless")


def flag(owner: Owner, added: Effect, removed: Effect) -> Row:
    """The row of a field that is false if it is absent."""
    return Row(owner, first=True, added=added, removed=removed, default=False)


ROWS: Final[dict[tuple[str, str], Row]] = {
    ("openapi", "servers"): Row((), [SERVER], [OTHER], default=[{"url": "/"}]),
    ("openapi", "security"): Row((), [{"key": []}], [{"login": []}], removed="harmless", default=[{}]),
    ("openapi", "paths"): news((), {"/a": {"get": GET}}, {"/b": {"get": GET}}),
    ("openapi", "webhooks"): news((), {"a": {"get": GET}}, {"b": {"get": GET}}),
    ("openapi", "components"): Row((), {"schemas": {"A": S}}, {"schemas": {"B": SHORT}}, "editorial"),
    ("openapi", "jsonSchemaDialect"): Row((), "https://a.test", "https://b.test"),
    ("server", "url"): needed(("servers", 0), "https://x.test", "https://y.test"),
    ("server", "variables"): needed(("servers", 0), {"a": {"default": "x"}}, {"a": {"default": "y"}}),
    ("server-variable", "enum"): Row(
        ("servers", 0, "variables", "a"), ["x"], ["x", "y"], removed="harmless", changed="harmless"
    ),
    ("server-variable", "default"): needed(("servers", 0, "variables", "a"), "x", "y"),
    ("components", "schemas"): Row(("components",), {"A": S}, {"B": SHORT}, "editorial"),
    ("components", "securitySchemes"): needed(
        ("components",),
        DOCUMENT["components"]["securitySchemes"],
        DOCUMENT["components"]["securitySchemes"] | {"key": {"type": "http", "scheme": "bearer"}},
    ),
    ("path-item", "$ref"): Row(ITEM, "#/components/pathItems/A", "#/components/pathItems/B"),
    ("path-item", "servers"): Row(ITEM, [SERVER], [OTHER], default=DOCUMENT["servers"]),
    ("path-item", "parameters"): news(ITEM, [QUERY | {"name": "p"}], [QUERY | {"name": "r"}]),
    **{
        ("path-item", method): news(ITEM, GET | {"operationId": "a"}, GET | {"operationId": "b"})
        for method in ("get", "put", "delete", "options", "head", "patch", "trace")
    },
    ("path-item", "post"): needed(ITEM, OPERATION, OPERATION | {"operationId": "b"}),
    ("operation", "tags"): Row(POST, ["a"], ["b", "a"]),
    ("operation", "operationId"): Row(POST, "a", "b"),
    ("operation", "parameters"): news(POST, [QUERY], [QUERY | {"name": "other"}]),
    ("operation", "requestBody"): news(POST, {"content": LINE}, {"content": {"text/plain": {}}}),
    ("operation", "responses"): news(POST, {"200": DONE}, {"204": DONE}),
    ("operation", "callbacks"): news(POST, {"a": HOOK}, {"b": HOOK}),
    ("operation", "deprecated"): flag(POST, "harmless", "harmless"),
    ("operation", "security"): Row(
        POST, [{"key": []}], [{"login": []}], added="harmless", default=DOCUMENT["security"]
    ),
    ("operation", "servers"): Row(POST, [SERVER], [OTHER], default=DOCUMENT["servers"]),
    ("parameter", "name"): needed(PARAMETER, "q", "p"),
    ("parameter", "in"): needed(PARAMETER, "query", "cookie"),
    ("parameter", "required"): flag(PARAMETER, "narrower", "wider"),
    ("parameter", "deprecated"): flag(PARAMETER, "harmless", "harmless"),
    ("parameter", "allowEmptyValue"): flag(PARAMETER, "wider", "narrower"),
    ("parameter", "schema"): needed(PARAMETER, S, SHORT, "narrower"),
    ("parameter", "content"): needed((*POST, "parameters", 1), LINE, {"text/plain": {"schema": S}}),
    ("parameter", "style"): Row(PARAMETER, "pipeDelimited", "spaceDelimited", default="form"),
    ("parameter", "explode"): Row(PARAMETER, first=False, default=True),
    ("parameter", "allowReserved"): flag(PARAMETER, "different", "different"),
    ("request-body", "content"): news((*POST, "requestBody"), LINE, {"text/plain": {}}),
    ("request-body", "required"): flag((*POST, "requestBody"), "narrower", "wider"),
    ("media-type", "schema"): Row(FORM, S, SHORT, "narrower", "wider", "narrower"),
    ("media-type", "encoding"): Row(FORM, IMAGES, {"photo": {"style": "pipeDelimited"}}, default={}),
    ("encoding", "contentType"): Row(ENCODING, "image/png", "image/gif"),
    ("encoding", "headers"): news(ENCODING, {"X-A": {"schema": S}}, {"X-B": {"schema": S}}),
    ("encoding", "style"): Row(ENCODING, "pipeDelimited", "spaceDelimited", default="form"),
    ("encoding", "explode"): Row(ENCODING, first=False, default=True),
    ("encoding", "allowReserved"): flag(ENCODING, "different", "different"),
    ("responses", "default"): Row((*POST, "responses"), DONE | {"content": LINE}, DONE, added="harmless"),
    ("response", "headers"): news(RESPONSE, {"X-A": {"schema": S}}, {"X-B": {"schema": S}}),
    ("response", "content"): news(RESPONSE, LINE, {"text/plain": {"schema": S}}),
    ("response", "links"): news(RESPONSE, {"a": {"operationId": "a"}}, {"b": {"operationId": "a"}}),
    ("link", "operationRef"): Row(LINK, "#/paths/~1a/get", "#/paths/~1b/get"),
    ("link", "operationId"): Row(LINK, "a", "b"),
    ("link", "parameters"): Row(LINK, {"a": "1"}, {"a": "2"}),
    ("link", "requestBody"): Row(LINK, "a", "b"),
    ("link", "body"): Row(LINK, SERVER, OTHER),
    ("link", "server"): Row(LINK, SERVER, OTHER),
    ("header", "required"): flag(HEADER, "narrower", "wider"),
    ("header", "deprecated"): flag(HEADER, "harmless", "harmless"),
    ("header", "schema"): needed(HEADER, S, SHORT, "narrower"),
    ("header", "content"): needed((*RESPONSE, "headers", "X-All"), LINE, {"text/plain": {"schema": S}}),
    ("header", "style"): Row(HEADER, "other", default="simple"),
    ("header", "explode"): flag(HEADER, "different", "different"),
    ("reference", "$ref"): needed(HEADER, "#/components/headers/A", "#/components/headers/B", "narrower"),
    ("security-scheme", "type"): needed(KEY, "apiKey", "http"),
    ("security-scheme", "name"): Row(KEY, "X-A", "X-B"),
    ("security-scheme", "in"): Row(KEY, "header", "cookie"),
    ("security-scheme", "scheme"): Row(KEY, "basic", "bearer"),
    ("security-scheme", "openIdConnectUrl"): Row(KEY, "https://a.test", "https://b.test"),
    ("security-scheme", "flows"): news(FLOWS[:-1], {"password": FLOW}, {"implicit": FLOW}),
    **{
        ("oauth-flows", name): news(FLOWS, FLOW, FLOW | {"tokenUrl": "https://b.test"})
        for name in ("implicit", "password", "clientCredentials", "authorizationCode")
    },
    ("oauth-flow", "authorizationUrl"): Row((*FLOWS, "password"), "https://a.test", "https://b.test"),
    ("oauth-flow", "tokenUrl"): Row((*FLOWS, "password"), "https://a.test", "https://b.test"),
    ("oauth-flow", "refreshUrl"): news((*FLOWS, "password"), "https://a.test", "https://b.test"),
    ("oauth-flow", "scopes"): news((*FLOWS, "password"), {"a": "A."}, {"b": "B."}),
}
BREAKS: Final[dict[Effect, set[str]]] = {
    "narrower": {"request"},
    "wider": {"response"},
    "different": {"request", "response"},
    "harmless": set(),
}
FOR_RECEIVERS: Final[dict[tuple[str, str], dict[str, Impact]]] = {
    # A webhook comes to a URL that its receiver gave.
    ("path-item", "servers"): {"added": "editorial", "removed": "editorial", "changed": "editorial"},
    ("operation", "servers"): {"added": "editorial", "removed": "editorial", "changed": "editorial"},
    # A receiver may check credentials that came before, and ignore those that come now.
    ("operation", "security"): {"added": "breaking", "removed": "compatible", "changed": "breaking"},
}
"""The impact of changes that mean something else in webhooks than for those who call an operation."""
CASES: Final = [
    pytest.param(key, way, id=f"{'.'.join(key)} in {way}")
    for key, row in ROWS.items()
    for way in (ITEMS if row.owner[:1] == ITEM else ("paths",))
]


def written(way: str, row: Row, field: str, value: Json) -> Document:
    """The document with one operation, and the value of a field."""
    document = deepcopy(DOCUMENT | {way: {ITEMS[way]: {"post": OPERATION}}})
    document["components"] |= {
        "headers": {"A": {"schema": S}, "B": {"schema": SHORT | {"minLength": 5}}},
        "pathItems": {"A": {"get": GET}, "B": {"put": GET}},
    }
    owner: Any = document
    for key in (way, ITEMS[way], *row.owner[1:]) if row.owner[:1] == ITEM else row.owner:
        owner = owner[key]
    owner.pop(field, None)
    if value is not ABSENT:
        owner[field] = deepcopy(value)
    return document


def told(key: tuple[str, str], way: str, before: Json, now: Json) -> Impact:
    documents = [written(way, ROWS[key], key[1], value) for value in (before, now)]
    changes = classify(*map(as_spec, documents))
    return min((change.impact for change in changes), key=IMPACTS.index, default="editorial")


def expected(key: tuple[str, str], way: str, effect: Effect | Literal["editorial"]) -> Impact:
    """The impact of an effect, by the way that the data of its owner travels."""
    if effect == "editorial":
        return effect
    is_sent = ("responses" in ROWS[key].owner) == (way == "webhooks")
    return "breaking" if ("request" if is_sent else "response") in BREAKS[effect] else "compatible"


def test_every_field_that_is_not_text_has_changes_here() -> None:
    assert {(name, field) for name, row in FIELDS.items() for field in row if row[field].how != "text"} == set(ROWS)


@pytest.mark.parametrize(("key", "way"), CASES)
def test_each_change_of_a_field_has_its_class(key: tuple[str, str], way: str) -> None:
    row = ROWS[key]
    found = {
        "added": (row.added, ABSENT, row.first),
        "removed": (row.removed, row.first, ABSENT),
        "changed": (row.changed if row.other is not ABSENT else None, row.first, row.other),
    }
    asked = {name: change for name, change in found.items() if change[0] is not None}
    by_effect = {name: expected(key, way, effect) for name, (effect, _, _) in asked.items() if effect}
    wanted = FOR_RECEIVERS.get(key, by_effect) if way == "webhooks" else by_effect
    assert {name: told(key, way, before, now) for name, (_, before, now) in asked.items()} == wanted


@pytest.mark.parametrize("key", [key for key, row in ROWS.items() if row.default is not ABSENT], ids=".".join)
def test_a_default_that_is_stated_changes_nothing(key: tuple[str, str]) -> None:
    for way in ITEMS:
        assert told(key, way, ABSENT, ROWS[key].default) == told(key, way, ROWS[key].default, ABSENT) == "editorial"
