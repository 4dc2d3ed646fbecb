"""Each field of OpenAPI's objects is compared by its meaning, for those who send the data and those who get it."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from scripts.drift.classify import classify
from scripts.drift.differences import IMPACTS
from tests.scripts.drift.test_classify import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.drift.differences import Change, Impact
    from spec.json_value import Json

Document = dict[str, Any]

S: Final[Document] = {"type": "string"}
PLACE: Final[Document] = {"type": "object", "properties": {"street": S}}
ACCEPT: Final[Document] = {"name": "accept", "in": "header", "required": True, "schema": S}
LIST: Final[Document] = {"type": "array", "items": S}
DOCUMENT: Final[Document] = {
    "openapi": "3.1.0",
    "info": {"title": "Parcels", "version": "1.0.0"},
    "servers": [
        {"url": "https://{region}.parcels.test", "variables": {"region": {"default": "eu", "enum": ["eu", "us"]}}},
        {"url": "https://parcels.test"},
    ],
    "security": [{"x-login": ["read"]}],
    "paths": {
        "/parcels/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": S}],
            "put": {
                "operationId": "send",
                "parameters": [
                    {"name": "tags", "in": "query", "schema": LIST},
                    {"name": "X-Trace", "in": "header", "schema": S},
                ],
                "requestBody": {
                    "content": {
                        "multipart/form-data": {
                            "schema": {
                                "type": "object",
                                "properties": {"photo": S, "labels": LIST, "note": S, "place": PLACE},
                            },
                            "encoding": {"photo": {"contentType": "image/png"}},
                        }
                    }
                },
                "responses": {
                    "200": {
                        "description": "Sent.",
                        "headers": {"X-Left": {"required": True, "schema": {"type": "integer"}}},
                        "content": {"application/json": {"schema": {"type": "object", "required": ["id"]}}},
                        "links": {"again": {"operationId": "send"}},
                    }
                },
                "callbacks": {
                    "arrived": {
                        "{$request.query.tags}": {
                            "post": {
                                "requestBody": {
                                    "content": {
                                        "application/json": {"schema": {"type": "object", "properties": {"at": S}}}
                                    }
                                },
                                "responses": {"204": {"description": "Heard."}},
                            }
                        }
                    }
                },
            },
        }
    },
    "webhooks": {
        "lost": {
            "post": {
                "requestBody": {
                    "content": {"application/json": {"schema": {"type": "string", "enum": ["sea", "fire"]}}}
                },
                "responses": {"204": {"description": "Heard."}},
            }
        }
    },
    "components": {
        "securitySchemes": {
            "x-login": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "https://parcels.test/t", "scopes": {"read": "Reads."}}},
            },
            "x-key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        }
    },
}


def path(document: Document) -> Document:
    found: Document = document["paths"]["/parcels/{id}"]
    return found


def put(document: Document) -> Document:
    found: Document = path(document)["put"]
    return found


def ok(document: Document) -> Document:
    found: Document = put(document)["responses"]["200"]
    return found


def form(document: Document) -> Document:
    found: Document = put(document)["requestBody"]["content"]["multipart/form-data"]
    return found


def flow(document: Document) -> Document:
    found: Document = document["components"]["securitySchemes"]["x-login"]["flows"]["clientCredentials"]
    return found


def called(document: Document) -> Document:
    (item,) = put(document)["callbacks"]["arrived"].values()
    found: Document = item["post"]
    return found


def extract(document: Document, kind: str, owner: Document, key: str) -> None:
    extracted = document["components"].setdefault(kind, {})
    name = f"Extracted{len(extracted)}"
    extracted[name] = owner[key]
    owner[key] = {"$ref": f"#/components/{kind}/{name}"}


def move_up(document: Document) -> None:
    path(document)["parameters"] += put(document).pop("parameters")


def move_down(document: Document) -> None:
    put(document)["parameters"] += path(document).pop("parameters")


def rename_path(document: Document) -> None:
    item = document["paths"].pop("/parcels/{id}")
    item["parameters"][0]["name"] = "parcel"
    document["paths"]["/parcels/{parcel}"] = item


def rename_scheme(document: Document) -> None:
    schemes = document["components"]["securitySchemes"]
    schemes["login"] = schemes.pop("x-login")
    document["security"] = [{"login": ["read"]}]


def by_media_type(owner: Document) -> None:
    owner["content"] = {"application/json": {"schema": owner.pop("schema")}}


def refer_beside(document: Document) -> None:
    document["components"]["pathItems"] = {"Lost": document["webhooks"]["lost"]}
    document["webhooks"]["lost"] = {"$ref": "#/components/pathItems/Lost", "get": {"responses": {}}}


class Edit(NamedTuple):
    name: str
    edit: Callable[[Document], object]
    impact: Impact
    concerned: str = ""
    """The part that a message names as concerned."""


B: Final[Impact] = "breaking"
C: Final[Impact] = "compatible"
E: Final[Impact] = "editorial"
QUERY: Final = 0
HEADER: Final = 1

EDITS: Final = [
    Edit("parameters moved to the path", move_up, E),
    Edit("parameters moved to the operation", move_down, E),
    Edit("parameter extracted", lambda d: extract(d, "parameters", put(d)["parameters"], 0), E),  # type: ignore[arg-type]
    Edit("request body extracted", lambda d: extract(d, "requestBodies", put(d), "requestBody"), E),
    Edit("response extracted", lambda d: extract(d, "responses", put(d)["responses"], "200"), E),
    Edit("header extracted", lambda d: extract(d, "headers", ok(d)["headers"], "X-Left"), E),
    Edit("link extracted", lambda d: extract(d, "links", ok(d)["links"], "again"), E),
    Edit("callback extracted", lambda d: extract(d, "callbacks", put(d)["callbacks"], "arrived"), E),
    Edit("path item extracted", lambda d: extract(d, "pathItems", d["paths"], "/parcels/{id}"), E),
    Edit("webhook extracted", lambda d: extract(d, "pathItems", d["webhooks"], "lost"), E),
    Edit("style stated", lambda d: put(d)["parameters"][QUERY].update(style="form"), E),
    Edit("explode stated", lambda d: put(d)["parameters"][QUERY].update(explode=True), E),
    Edit("media type of a text stated", lambda d: form(d)["encoding"].update(note={"contentType": "text/plain"}), E),
    Edit(
        "media type of an object stated",
        lambda d: form(d)["encoding"].update(place={"contentType": "application/json"}),
        E,
    ),
    Edit("media type of an object given", lambda d: form(d)["encoding"].update(place={"contentType": "text/csv"}), B),
    Edit("explode of a text set", lambda d: put(d)["parameters"][HEADER].update(explode=True), E),
    Edit("header added that OpenAPI ignores", lambda d: put(d)["parameters"].append(ACCEPT), E),
    Edit(
        "header of a response added that OpenAPI ignores",
        lambda d: ok(d)["headers"].update({"Content-Type": {"required": True, "schema": S}}),
        E,
    ),
    Edit("dialect stated", lambda d: d.update(jsonSchemaDialect="https://spec.openapis.org/oas/3.1/dialect/base"), E),
    Edit("explode of a header stated", lambda d: put(d)["parameters"][HEADER].update(explode=False), E),
    Edit("required: false stated", lambda d: put(d)["parameters"][QUERY].update(required=False), E),
    Edit("optional body stated", lambda d: put(d)["requestBody"].update(required=False), E),
    Edit("deprecated: false stated", lambda d: put(d).update(deprecated=False), E),
    Edit("allowReserved: false stated", lambda d: put(d)["parameters"][QUERY].update(allowReserved=False), E),
    Edit(
        "encoding's defaults stated", lambda d: form(d)["encoding"].update(labels={"style": "form", "explode": True}), E
    ),
    Edit("default servers overridden alike", lambda d: put(d).update(servers=d["servers"]), E),
    Edit("header of a request in another case", lambda d: put(d)["parameters"][HEADER].update(name="x-trace"), E),
    Edit(
        "header of a response in another case",
        lambda d: ok(d).update(headers={"x-left": ok(d)["headers"]["X-Left"]}),
        E,
    ),
    Edit("scheme renamed", rename_scheme, E),
    Edit("style changed", lambda d: put(d)["parameters"][QUERY].update(style="spaceDelimited"), B, "request"),
    Edit("explode changed", lambda d: put(d)["parameters"][QUERY].update(explode=False), B, "request"),
    Edit("reserved characters allowed", lambda d: put(d)["parameters"][QUERY].update(allowReserved=True), B, "request"),
    Edit("empty values allowed", lambda d: put(d)["parameters"][QUERY].update(allowEmptyValue=True), C, "request"),
    Edit("parameter required", lambda d: put(d)["parameters"][QUERY].update(required=True), B, "request"),
    Edit("parameter deprecated", lambda d: put(d)["parameters"][QUERY].update(deprecated=True), C, "request"),
    Edit("parameter removed", lambda d: put(d)["parameters"].pop(QUERY), B, "request"),
    Edit("parameter moved to a header", lambda d: put(d)["parameters"][QUERY].update({"in": "header"}), B, "request"),
    Edit(
        "optional parameter added",
        lambda d: put(d)["parameters"].append({"name": "slow", "in": "query", "schema": S}),
        C,
        "request",
    ),
    Edit(
        "required parameter added",
        lambda d: path(d)["parameters"].append({"name": "fast", "in": "query", "required": True, "schema": S}),
        B,
        "request",
    ),
    Edit(
        "parameter by media type",
        lambda d: put(d)["parameters"].append({"name": "q", "in": "query", "content": {"application/json": {}}}),
        C,
        "request",
    ),
    Edit("parameter of a path renamed", rename_path, B),
    Edit("header no longer promised", lambda d: ok(d)["headers"]["X-Left"].pop("required"), B, "response 200"),
    Edit(
        "header's type widened",
        lambda d: ok(d)["headers"]["X-Left"].update(schema={"type": "number"}),
        B,
        "response 200",
    ),
    Edit("header removed", lambda d: ok(d).pop("headers"), B, "response 200"),
    Edit("header added", lambda d: ok(d)["headers"].update({"X-More": {"schema": S}}), C, "response 200"),
    Edit("encoding changed", lambda d: form(d)["encoding"]["photo"].update(contentType="image/gif"), B, "request"),
    Edit("encoding dropped", lambda d: form(d).pop("encoding"), B, "request"),
    Edit("link removed", lambda d: ok(d).pop("links"), B, "response 200"),
    Edit("link leads elsewhere", lambda d: ok(d)["links"]["again"].update(operationId="other"), B, "response 200"),
    Edit("callback removed", lambda d: put(d).pop("callbacks"), B),
    Edit(
        "callback gives more",
        lambda d: called(d)["requestBody"]["content"]["application/json"]["schema"]["properties"].update(by=S),
        C,
        "callback arrived: request",
    ),
    Edit(
        "callback's value may be null",
        lambda d: called(d)["requestBody"]["content"]["application/json"]["schema"]["properties"]["at"].update(
            type=["string", "null"]
        ),
        B,
        "callback arrived: request",
    ),
    Edit(
        "callback must be answered otherwise",
        lambda d: called(d).update(responses={"200": {"description": "Heard."}}),
        B,
        "callback arrived: response 204",
    ),
    Edit(
        "webhook tells more",
        lambda d: d["webhooks"]["lost"]["post"]["requestBody"]["content"]["application/json"]["schema"]["enum"].append(
            "theft"
        ),
        B,
        "request",
    ),
    Edit(
        "webhook tells less",
        lambda d: d["webhooks"]["lost"]["post"]["requestBody"]["content"]["application/json"]["schema"]["enum"].pop(),
        C,
        "request",
    ),
    Edit("webhook removed", lambda d: d.pop("webhooks"), B),
    Edit("webhook added", lambda d: d["webhooks"].update(found=d["webhooks"]["lost"]), C),
    Edit("servers in another order", lambda d: d["servers"].reverse(), B),
    Edit("second server removed", lambda d: d["servers"].pop(), B),
    Edit("third server added", lambda d: d["servers"].append({"url": "https://other.test"}), C),
    Edit("variable's default changed", lambda d: d["servers"][0]["variables"]["region"].update(default="us"), B),
    Edit("variable's value removed", lambda d: d["servers"][0]["variables"]["region"]["enum"].remove("us"), B),
    Edit("variable's value added", lambda d: d["servers"][0]["variables"]["region"]["enum"].append("ap"), C),
    Edit("server of an operation", lambda d: put(d).update(servers=[{"url": "https://put.test"}]), B),
    Edit("server of a path", lambda d: path(d).update(servers=[{"url": "https://path.test"}]), B),
    Edit("another scheme", lambda d: d.update(security=[{"x-key": []}]), B),
    Edit("another scope", lambda d: d.update(security=[{"x-login": ["write"]}]), B),
    Edit("one scope fewer", lambda d: d.update(security=[{"x-login": []}]), C),
    Edit("no security", lambda d: put(d).update(security=[]), C),
    Edit("token URL changed", lambda d: flow(d).update(tokenUrl="https://other.test/t"), B),
    Edit("refresh URL added", lambda d: flow(d).update(refreshUrl="https://parcels.test/r"), C),
    Edit("scope removed", lambda d: flow(d)["scopes"].clear(), B),
    Edit("scope added", lambda d: flow(d)["scopes"].update(write="Writes."), C),
    Edit("scope reworded", lambda d: flow(d)["scopes"].update(read="Reads all."), E),
    Edit(
        "scheme that nobody uses changed", lambda d: d["components"]["securitySchemes"]["x-key"].update(name="X-K"), E
    ),
    Edit("parameter written by media type", lambda d: by_media_type(put(d)["parameters"][HEADER]), B, "request"),
    Edit("header written by media type", lambda d: by_media_type(ok(d)["headers"]["X-Left"]), B, "response 200"),
    Edit("operation beside a reference", refer_beside, B),
    Edit("status added", lambda d: put(d)["responses"].update({"404": {"description": "None."}}), C, "response 404"),
    Edit("extension among the paths", lambda d: d["paths"].update({"x-a": {"get": {"responses": {}}}}), E),
    Edit("extension among the statuses", lambda d: put(d)["responses"].update({"x-a": {"description": "None."}}), E),
    Edit(
        "extension in a callback",
        lambda d: put(d)["callbacks"]["arrived"].update({"x-a": {"post": {"responses": {}}}}),
        E,
    ),
    Edit("dialect changed", lambda d: d.update(jsonSchemaDialect="https://json-schema.org/draft/2019-09/schema"), B),
]


def changes(edit: Edit) -> list[Change]:
    document = deepcopy(DOCUMENT)
    edit.edit(document)
    return classify(read(DOCUMENT), read(document))


@pytest.mark.parametrize("edit", EDITS, ids=[edit.name for edit in EDITS])
def test_an_edit_has_its_class_and_names_the_part_that_it_concerns(edit: Edit) -> None:
    found = changes(edit)
    assert min((change.impact for change in found), key=IMPACTS.index) == edit.impact, found
    parts = {use.part for change in found if change.impact == edit.impact for use in change.uses}
    assert not edit.concerned or edit.concerned in parts


def lost(document: Document) -> Document:
    found: Document = document["webhooks"]["lost"]["post"]
    return found


KEY: Final[list[dict[str, list[str]]]] = [{"x-key": []}]
LOGIN: Final = [{"x-login": ["read"]}]


@pytest.mark.parametrize(
    ("before", "now", "impact"),
    [
        ([], KEY, C),  # a receiver may ignore what it is told
        (KEY, [], B),  # a receiver refuses what comes without
        (KEY, LOGIN, B),
        (KEY, [*KEY, *LOGIN], B),
        ([*KEY, *LOGIN], KEY, E),
        (KEY, [KEY[0] | LOGIN[0]], C),
    ],
)
def test_credentials_that_come_with_a_webhook_are_for_its_receivers(before: Json, now: Json, impact: Impact) -> None:
    old, new = deepcopy(DOCUMENT), deepcopy(DOCUMENT)
    lost(old)["security"], lost(new)["security"] = before, now
    found = classify(read(old), read(new))
    assert min((change.impact for change in found), key=IMPACTS.index) == impact, found


@pytest.mark.parametrize(
    ("before", "now", "message"),
    [
        (
            [{}, *KEY],
            [],
            "Security: `x-key` is no longer named. Clients with it still get in: access without credentials suffices.",
        ),
        ([*KEY, KEY[0] | LOGIN[0]], KEY, "Security: `x-key` and `x-login` is no longer named."),
        (KEY, [], "Security: access without credentials suffices now."),
        (KEY, [{}, *KEY], "Security: access without credentials suffices now."),
        ([{}, *KEY], KEY, "Security: access without credentials no longer suffices."),
    ],
)
def test_credentials_that_are_no_longer_needed_are_told(before: Json, now: Json, message: str) -> None:
    old, new = deepcopy(DOCUMENT), deepcopy(DOCUMENT)
    put(old)["security"], put(new)["security"] = before, now
    told = [change for change in classify(read(old), read(new)) if change.impact != E]
    assert [change.message.startswith(message) for change in told] == [True], told


def test_a_scheme_that_a_webhook_alone_uses_is_for_its_receivers() -> None:
    old = deepcopy(DOCUMENT)
    lost(old)["security"] = KEY
    new = deepcopy(old)
    new["components"]["securitySchemes"]["x-key"]["name"] = "X-Other"
    (change,) = classify(read(old), read(new))
    assert (change.impact, [each.label for each in change.operations]) == (B, ["POST webhook lost"])


def test_the_servers_of_a_webhook_tell_its_receivers_nothing() -> None:
    new = deepcopy(DOCUMENT)
    lost(new)["servers"] = called(new)["servers"] = [{"url": "https://lost.test"}]
    assert {change.impact for change in classify(read(DOCUMENT), read(new))} == {E}


def with_schema(schema: Json) -> Document:
    document = deepcopy(DOCUMENT)
    put(document)["requestBody"]["content"] = {"application/json": {"schema": {"$ref": "#/components/schemas/It"}}}
    document["components"]["schemas"] = {"It": schema}
    return document


@pytest.mark.parametrize(
    ("before", "now", "impact"),
    [
        ({}, {"unused": {"type": "string"}}, E),
        ({"unused": {"type": "string"}}, {"unused": {"type": "integer"}}, E),
        ({"unused": {"type": "string"}}, {}, E),
        ({"used": {"type": "string"}}, {"used": {"type": "integer"}}, B),
        ({"used": {"type": "integer"}}, {"used": {"type": "number"}}, C),
    ],
)
def test_a_definition_counts_where_a_reference_leads_to_it(before: Json, now: Json, impact: Impact) -> None:
    own: dict[str, Json] = {"used": {}}
    schemas = (
        {"properties": {"a": {"$ref": "#/components/schemas/It/$defs/used"}}, "$defs": own | definitions}
        for definitions in (before, now)
    )
    found = classify(*(read(with_schema(schema)) for schema in schemas))
    assert min((change.impact for change in found), key=IMPACTS.index) == impact, found


READ_ONLY: Final = {"type": "string", "readOnly": True}


@pytest.mark.parametrize(
    ("required", "before", "now", "impact"),
    [
        (["a"], READ_ONLY, {"type": "string"}, B),  # requests could leave it out
        ([], READ_ONLY, {"type": "string"}, C),
        (["a"], READ_ONLY, {"type": "string", "readOnly": False}, B),
        (["a"], {"type": "string"}, READ_ONLY, B),
    ],
)
def test_a_property_that_is_no_longer_read_only_is_needed_in_requests_if_it_is_required(
    required: list[str], before: Json, now: Json, impact: Impact
) -> None:
    schemas = ({"type": "object", "required": required, "properties": {"a": each}} for each in (before, now))
    found = classify(*(read(with_schema(schema)) for schema in schemas))
    assert min((change.impact for change in found), key=IMPACTS.index) == impact, found


def test_a_document_has_no_change_against_itself() -> None:
    assert classify(read(DOCUMENT), read(deepcopy(DOCUMENT))) == []


def test_a_renamed_schema_is_told_once() -> None:
    documents = [
        DOCUMENT | {"components": {"schemas": {name: {"type": "object", "required": ["a"]}}}} for name in ("Old", "New")
    ]
    told = [change.message for change in classify(*map(read, documents)) if "Old" in change.message]
    assert told == ["Schema `Old` was renamed to `New`. The class generated from it is renamed too."]


NAMED: Final[dict[str, Callable[[Document], Document]]] = {
    "callback": lambda d: put(d)["callbacks"],
    "header": lambda d: ok(d)["headers"],
    "link": lambda d: ok(d)["links"],
    "media type": lambda d: ok(d)["content"],
    "scope": lambda d: flow(d)["scopes"],
    "webhook": lambda d: d["webhooks"],
}


@pytest.mark.parametrize("kind", NAMED)
def test_a_name_that_begins_like_an_extension_is_a_name(kind: str) -> None:
    documents = [deepcopy(DOCUMENT) for _ in range(2)]
    for document in documents:
        named = NAMED[kind](document)
        named["x-named/it"] = deepcopy(next(iter(named.values())))
    del NAMED[kind](documents[1])["x-named/it"]
    assert [change.impact for change in classify(*map(read, documents))] == ["breaking"]


@pytest.mark.parametrize(("wider", "status"), [("default", "404"), ("4XX", "404"), ("default", "5XX")])
def test_a_new_status_is_held_to_the_wider_one_that_covered_it(wider: str, status: str) -> None:
    base, same, other = (deepcopy(DOCUMENT) for _ in range(3))
    for document in (base, same, other):
        put(document)["responses"][wider] = {"description": "No.", "content": {"application/json": {"schema": S}}}
    put(same)["responses"][status] = put(base)["responses"][wider]
    put(other)["responses"][status] = {"description": "No.", "content": {"application/json": {"schema": LIST}}}
    assert [change.impact for change in classify(read(base), read(same))] == ["compatible"]
    assert [change.impact for change in classify(read(base), read(other))] == ["breaking", "compatible"]
