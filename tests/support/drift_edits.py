"""Edits to a spec, and what each must be called: the kinds that oasdiff's checkers know and that JSON bodies have."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from spec.reader import Place, Spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.drift.differences import Impact

Schema = dict[str, Any]
Document = dict[str, Any]

B: Final[Impact] = "breaking"
C: Final[Impact] = "compatible"
E: Final[Impact] = "editorial"


@dataclass(frozen=True)
class SchemaEdit:
    """A schema before and after; what that is in a request and in a response; and where, as a pointer into the schema.

    The places of the gravest change are compared. An edit without a place must not be seen at all.
    """

    name: str
    before: Schema
    after: Schema
    request: Impact
    response: Impact
    at: str | None


@dataclass(frozen=True)
class DocumentEdit:
    """A change to the document below, what it is, and where."""

    name: str
    edit: Callable[[Document], object]
    impact: Impact
    at: str | None


def as_spec(document: Document) -> Spec:
    """The document as a spec that no file has: all its places are the first one."""
    return Spec(Path("openapi.yaml"), "", deepcopy(document), {"": Place(1, 1)})


def an_object(*required: str, **properties: Schema) -> Schema:
    """The schema of an object."""
    named = {"required": list(required)} if required else {}
    return {"type": "object", **named, "properties": properties}


STRING: Final[Schema] = {"type": "string"}
INTEGER: Final[Schema] = {"type": "integer"}
NUMBER: Final[Schema] = {"type": "number"}
NULL: Final[Schema] = {"type": "null"}
ARRAY: Final[Schema] = {"type": "array", "items": STRING}
CAT: Final = an_object("kind", kind={"type": "string", "enum": ["cat"]})
DOG: Final = an_object("kind", kind={"type": "string", "enum": ["dog"]})
NAMED: Final = an_object("name", name=STRING)
SIZED: Final = an_object("size", size=INTEGER)
OVERLAPPING: Final[Schema] = {"oneOf": [NAMED, SIZED]}
PETS: Final[Schema] = {"oneOf": [CAT, DOG]}
BY_KIND: Final[Schema] = PETS | {"discriminator": {"propertyName": "kind"}}

SCHEMA_EDITS: Final[list[SchemaEdit]] = [
    SchemaEdit("optional property added", an_object(a=STRING), an_object(a=STRING, b=STRING), C, C, "/properties/b"),
    SchemaEdit("required property added", an_object(), an_object("b", b=STRING), B, C, "/required"),
    SchemaEdit("optional property removed", an_object(a=STRING, b=STRING), an_object(a=STRING), B, B, "/properties/b"),
    SchemaEdit(
        "required property removed", an_object("a", a=STRING, b=STRING), an_object(b=STRING), B, B, "/properties/a"
    ),
    SchemaEdit(
        "property renamed", an_object(old=STRING, b=INTEGER), an_object(new=STRING, b=INTEGER), B, B, "/properties/old"
    ),
    SchemaEdit("became required", an_object(a=STRING), an_object("a", a=STRING), B, C, "/required"),
    SchemaEdit("became optional", an_object("a", a=STRING), an_object(a=STRING), C, B, "/required"),
    SchemaEdit("type changed", STRING, INTEGER, B, B, "/type"),
    SchemaEdit("type widened", INTEGER, NUMBER, C, B, "/type"),
    SchemaEdit("type narrowed", NUMBER, INTEGER, B, C, "/type"),
    SchemaEdit("another type admitted", STRING, {"type": ["string", "integer"]}, C, B, "/type"),
    SchemaEdit("type dropped", STRING, {}, C, B, ""),
    SchemaEdit("type of items changed", ARRAY, {"type": "array", "items": INTEGER}, B, B, "/items/type"),
    SchemaEdit("null admitted", STRING, {"type": ["string", "null"]}, C, B, "/type"),
    SchemaEdit("null refused", {"type": ["string", "null"]}, STRING, B, C, "/type"),
    SchemaEdit(
        "null admitted as a branch", {"anyOf": [STRING, INTEGER]}, {"anyOf": [STRING, INTEGER, NULL]}, C, B, "/anyOf/2"
    ),
    SchemaEdit("null refused as a branch", {"anyOf": [STRING, NULL]}, {"anyOf": [STRING]}, B, C, "/anyOf/1"),
    SchemaEdit(
        "null admitted around it",
        STRING | {"maxLength": 3},
        {"anyOf": [STRING | {"maxLength": 3}, NULL]},
        C,
        B,
        "/anyOf/1",
    ),
    SchemaEdit("format added", STRING, STRING | {"format": "uuid"}, B, C, "/format"),
    SchemaEdit("format removed", STRING | {"format": "uuid"}, STRING, C, B, "/format"),
    SchemaEdit("format changed", STRING | {"format": "uuid"}, STRING | {"format": "date"}, B, B, "/format"),
    SchemaEdit("member added", STRING | {"enum": ["a"]}, STRING | {"enum": ["a", "b"]}, C, B, "/enum"),
    SchemaEdit("member removed", STRING | {"enum": ["a", "b"]}, STRING | {"enum": ["a"]}, B, C, "/enum"),
    SchemaEdit("member renamed", STRING | {"enum": ["a", "b"]}, STRING | {"enum": ["a", "c"]}, B, B, "/enum"),
    SchemaEdit("became an enumeration", STRING, STRING | {"enum": ["a"]}, B, C, "/enum"),
    SchemaEdit("no enumeration any more", STRING | {"enum": ["a"]}, STRING, C, B, "/enum"),
    SchemaEdit(
        "known name added where any string may stand",
        {"anyOf": [STRING | {"enum": ["a"]}, STRING]},
        {"anyOf": [STRING | {"enum": ["a", "b"]}, STRING]},
        C,
        C,
        "/anyOf/0/enum",
    ),
    SchemaEdit("minimum raised", NUMBER | {"minimum": 1}, NUMBER | {"minimum": 2}, B, C, "/minimum"),
    SchemaEdit("minimum lowered", NUMBER | {"minimum": 2}, NUMBER | {"minimum": 1}, C, B, "/minimum"),
    SchemaEdit("minimum added", NUMBER, NUMBER | {"minimum": 2}, B, C, "/minimum"),
    SchemaEdit("minimum removed", NUMBER | {"minimum": 2}, NUMBER, C, B, "/minimum"),
    SchemaEdit("maximum raised", NUMBER | {"maximum": 1}, NUMBER | {"maximum": 2}, C, B, "/maximum"),
    SchemaEdit("maximum lowered", NUMBER | {"maximum": 2}, NUMBER | {"maximum": 1}, B, C, "/maximum"),
    SchemaEdit("bound excluded", NUMBER | {"minimum": 2}, NUMBER | {"exclusiveMinimum": 2}, B, C, "/exclusiveMinimum"),
    SchemaEdit("multiple asked for", INTEGER, INTEGER | {"multipleOf": 2}, B, C, "/multipleOf"),
    SchemaEdit("multiple loosened", INTEGER | {"multipleOf": 4}, INTEGER | {"multipleOf": 2}, C, B, "/multipleOf"),
    SchemaEdit("multiple changed", INTEGER | {"multipleOf": 3}, INTEGER | {"multipleOf": 2}, B, B, "/multipleOf"),
    SchemaEdit("minLength raised", STRING | {"minLength": 1}, STRING | {"minLength": 2}, B, C, "/minLength"),
    SchemaEdit("maxLength raised", STRING | {"maxLength": 1}, STRING | {"maxLength": 2}, C, B, "/maxLength"),
    SchemaEdit("maxLength added", STRING, STRING | {"maxLength": 2}, B, C, "/maxLength"),
    SchemaEdit("maxLength removed", STRING | {"maxLength": 2}, STRING, C, B, "/maxLength"),
    SchemaEdit("pattern added", STRING, STRING | {"pattern": "^a"}, B, C, "/pattern"),
    SchemaEdit("pattern removed", STRING | {"pattern": "^a"}, STRING, C, B, "/pattern"),
    SchemaEdit("pattern changed", STRING | {"pattern": "^a"}, STRING | {"pattern": "^b"}, B, B, "/pattern"),
    SchemaEdit("minItems raised", ARRAY | {"minItems": 1}, ARRAY | {"minItems": 2}, B, C, "/minItems"),
    SchemaEdit("maxItems raised", ARRAY | {"maxItems": 1}, ARRAY | {"maxItems": 2}, C, B, "/maxItems"),
    SchemaEdit("uniqueItems asked for", ARRAY, ARRAY | {"uniqueItems": True}, B, C, "/uniqueItems"),
    SchemaEdit("default changed", STRING | {"default": "a"}, STRING | {"default": "b"}, B, B, "/default"),
    SchemaEdit("default removed", STRING | {"default": "a"}, STRING, B, B, "/default"),
    SchemaEdit("default added", STRING, STRING | {"default": "a"}, C, C, "/default"),
    SchemaEdit("oneOf branch added", PETS, {"oneOf": [CAT, DOG, ARRAY]}, C, B, "/oneOf/2"),
    SchemaEdit("oneOf branch removed", {"oneOf": [CAT, DOG, ARRAY]}, {"oneOf": [CAT, DOG]}, B, C, "/oneOf/2"),
    SchemaEdit("oneOf of kinds became anyOf", PETS, {"anyOf": [CAT, DOG]}, E, E, ""),
    SchemaEdit("oneOf with overlaps became anyOf", OVERLAPPING, {"anyOf": [NAMED, SIZED]}, C, B, "/oneOf"),
    SchemaEdit("oneOf with overlaps gained a branch", OVERLAPPING, {"oneOf": [NAMED, SIZED, ARRAY]}, B, B, "/oneOf/2"),
    SchemaEdit(
        "branch of a oneOf with overlaps widened",
        OVERLAPPING,
        {"oneOf": [an_object(name=STRING), SIZED]},
        B,
        B,
        "/oneOf/0/required",
    ),
    SchemaEdit("anyOf branch removed", {"anyOf": [CAT, ARRAY, DOG]}, {"anyOf": [CAT, DOG]}, B, C, "/anyOf/1"),
    SchemaEdit("allOf branch added", {"allOf": [CAT]}, {"allOf": [CAT, an_object("b")]}, B, C, "/allOf/1/required"),
    SchemaEdit("allOf branch removed", {"allOf": [CAT, an_object("b")]}, {"allOf": [CAT]}, C, B, "/allOf/1/required"),
    SchemaEdit("not added", STRING, STRING | {"not": {"const": "x"}}, B, C, "/not"),
    SchemaEdit("discriminator added", PETS, BY_KIND, C, C, "/discriminator"),
    SchemaEdit("discriminator removed", BY_KIND, PETS, C, C, "/discriminator"),
    SchemaEdit(
        "discriminator moved",
        BY_KIND,
        PETS | {"discriminator": {"propertyName": "sort"}},
        B,
        B,
        "/discriminator/propertyName",
    ),
    SchemaEdit("const added", STRING, STRING | {"const": "a"}, B, C, "/const"),
    SchemaEdit("const removed", STRING | {"const": "a"}, STRING, C, B, "/const"),
    SchemaEdit("const changed", STRING | {"const": "a"}, STRING | {"const": "b"}, B, B, "/const"),
    SchemaEdit(
        "closed",
        an_object(a=STRING),
        an_object(a=STRING) | {"additionalProperties": False},
        B,
        C,
        "/additionalProperties",
    ),
    SchemaEdit(
        "opened",
        an_object(a=STRING) | {"additionalProperties": False},
        an_object(a=STRING),
        C,
        B,
        "/additionalProperties",
    ),
    SchemaEdit(
        "property added to a closed object",
        an_object(a=STRING) | {"additionalProperties": False},
        an_object(a=STRING, b=STRING) | {"additionalProperties": False},
        C,
        B,
        "/properties/b",
    ),
    SchemaEdit(
        "additional properties typed",
        an_object(),
        an_object() | {"additionalProperties": STRING},
        B,
        C,
        "/additionalProperties",
    ),
    SchemaEdit(
        "properties by pattern typed",
        an_object(),
        an_object() | {"patternProperties": {"^x": STRING}},
        B,
        C,
        "/patternProperties/^x",
    ),
    SchemaEdit("deprecated", STRING, STRING | {"deprecated": True}, C, C, "/deprecated"),
    SchemaEdit("no longer taken", STRING, STRING | {"readOnly": True}, B, C, "/readOnly"),
    SchemaEdit("no longer given", STRING, STRING | {"writeOnly": True}, C, B, "/writeOnly"),
    SchemaEdit(
        "description reworded", STRING | {"description": "a"}, STRING | {"description": "b"}, E, E, "/description"
    ),
    SchemaEdit("title added", STRING, STRING | {"title": "a"}, E, E, "/title"),
    SchemaEdit("example changed", STRING | {"examples": ["a"]}, STRING | {"examples": ["b"]}, E, E, "/examples"),
    SchemaEdit("provenance marked", STRING, STRING | {"x-provenance": "sdk"}, E, E, "/x-provenance"),
    SchemaEdit("properties reordered", an_object(a=STRING, b=INTEGER), an_object(b=INTEGER, a=STRING), E, E, None),
    SchemaEdit("keywords reordered", STRING | {"minLength": 1}, {"minLength": 1} | STRING, E, E, None),
    SchemaEdit("members reordered", STRING | {"enum": ["a", "b"]}, STRING | {"enum": ["b", "a"]}, E, E, ""),
    SchemaEdit("branches reordered", {"anyOf": [STRING, INTEGER]}, {"anyOf": [INTEGER, STRING]}, E, E, None),
    SchemaEdit("const written as enum", STRING | {"const": "a"}, STRING | {"enum": ["a"]}, E, E, ""),
    SchemaEdit("type written as a list", STRING, {"type": ["string"]}, E, E, ""),
    SchemaEdit("null written as a branch", {"type": ["string", "null"]}, {"anyOf": [STRING, NULL]}, E, E, ""),
    SchemaEdit("1 became true", {"enum": [1, True]}, {"enum": [True]}, B, C, ""),
    SchemaEdit(
        "property moved into allOf",
        an_object("a", a=STRING, b=INTEGER),
        {"allOf": [an_object(b=INTEGER), an_object("a", a=STRING)]},
        E,
        E,
        "",
    ),
    SchemaEdit("wrapped in allOf", STRING, {"allOf": [STRING]}, E, E, ""),
    SchemaEdit("condition without a consequence", STRING, STRING | {"if": {"maxLength": 2}, "then": True}, E, E, ""),
    SchemaEdit("names said to be texts", NAMED, NAMED | {"propertyNames": STRING}, E, E, ""),
    SchemaEdit(
        "branches of allOf wrapped in one", {"allOf": [CAT, NAMED]}, {"allOf": [{"allOf": [CAT, NAMED]}]}, E, E, ""
    ),
    SchemaEdit(
        "bound changed beyond one of another branch",
        {"allOf": [STRING | {"maxLength": 3}, {"maxLength": 5}]},
        {"allOf": [STRING | {"maxLength": 3}, {"maxLength": 4}]},
        E,
        E,
        "",
    ),
]

DOCUMENT: Final[Document] = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "0.8.0"},
    "servers": [{"url": "https://a.example"}],
    "security": [{"Bearer": []}],
    "tags": [{"name": "Things"}],
    "paths": {
        "/things": {
            "post": {
                "operationId": "make_thing",
                "tags": ["Things"],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                },
                "responses": {
                    "200": {
                        "description": "Made.",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Made"}}},
                    },
                    "422": {"description": "Refused."},
                },
            },
            "delete": {"operationId": "drop_things", "responses": {"204": {"description": "Gone."}}},
        },
    },
    "components": {
        "securitySchemes": {
            "Bearer": {"type": "http", "scheme": "bearer"},
            "Key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        },
        "schemas": {
            "Thing": an_object(
                "colour",
                colour={"$ref": "#/components/schemas/Colour"},
                size={"type": "string", "enum": ["small", "large"]},
                maker={"anyOf": [{"$ref": "#/components/schemas/Maker"}, STRING]},
            ),
            "Made": an_object(
                colour={"$ref": "#/components/schemas/Colour"},
                state={"$ref": "#/components/schemas/State"},
                pet={"$ref": "#/components/schemas/Pet"},
            ),
            "Pet": {
                "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
                "discriminator": {
                    "propertyName": "kind",
                    "mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"},
                },
            },
            "Cat": CAT,
            "Dog": DOG,
            "Colour": {"type": "string", "enum": ["red", "green"]},
            "State": {"type": "string", "enum": ["new"]},
            "Maker": {"type": "string", "enum": ["acme"]},
        },
    },
}


def edited(edit: DocumentEdit) -> Document:
    """The document above, with an edit."""
    document = deepcopy(DOCUMENT)
    edit.edit(document)
    return document


def _post(document: Document) -> Document:
    operation: Document = document["paths"]["/things"]["post"]
    return operation


def _body(document: Document) -> Document:
    content: Document = _post(document)["requestBody"]["content"]
    return content


def _answers(document: Document) -> Document:
    answers: Document = _post(document)["responses"]
    return answers


def _schemas(document: Document) -> Document:
    schemas: Document = document["components"]["schemas"]
    return schemas


def _property(schema: str, name: str, value: Schema) -> Callable[[Document], object]:
    return lambda document: _schemas(document)[schema]["properties"].update({name: value})


def _rename(old: str, new: str) -> Callable[[Document], object]:
    return lambda document: _schemas(document).update({new: _schemas(document).pop(old)})


def _mapping(document: Document) -> Document:
    mapping: Document = _schemas(document)["Pet"]["discriminator"]["mapping"]
    return mapping


TEXT: Final[Document] = {"text/plain": {"schema": STRING}}
STATE: Final[Schema] = {"$ref": "#/components/schemas/State"}
MAPPING: Final = "/components/schemas/Pet/discriminator/mapping"
POST: Final = "/paths/~1things/post"
JSON: Final = "content/application~1json"

DOCUMENT_EDITS: Final[list[DocumentEdit]] = [
    DocumentEdit(
        "path added",
        lambda d: d["paths"].update({"/more": {"get": {"responses": {}}}}),
        C,
        "/paths/~1more",
    ),
    DocumentEdit("path removed", lambda d: d["paths"].pop("/things"), B, "/paths/~1things"),
    DocumentEdit(
        "path renamed", lambda d: d["paths"].update({"/thing": d["paths"].pop("/things")}), B, "/paths/~1things"
    ),
    DocumentEdit(
        "method added", lambda d: d["paths"]["/things"].update(get={"responses": {}}), C, "/paths/~1things/get"
    ),
    DocumentEdit("method removed", lambda d: d["paths"]["/things"].pop("delete"), B, "/paths/~1things/delete"),
    DocumentEdit(
        "method changed", lambda d: d["paths"]["/things"].update(put=d["paths"]["/things"].pop("post")), B, POST
    ),
    DocumentEdit("operation renamed", lambda d: _post(d).update(operationId="create"), B, f"{POST}/operationId"),
    DocumentEdit("operation moved to another tag", lambda d: _post(d).update(tags=["Other"]), B, f"{POST}/tags"),
    DocumentEdit("second tag given", lambda d: _post(d).update(tags=["Things", "Other"]), E, f"{POST}/tags"),
    DocumentEdit("operation deprecated", lambda d: _post(d).update(deprecated=True), C, f"{POST}/deprecated"),
    DocumentEdit(
        "operation said not to be deprecated", lambda d: _post(d).update(deprecated=False), E, f"{POST}/deprecated"
    ),
    DocumentEdit("operation summed up", lambda d: _post(d).update(summary="Make"), E, f"{POST}/summary"),
    DocumentEdit(
        "body required",
        lambda d: d["paths"]["/things"]["delete"].update(requestBody={"required": True, "content": TEXT}),
        B,
        "/paths/~1things/delete/requestBody",
    ),
    DocumentEdit(
        "body offered",
        lambda d: d["paths"]["/things"]["delete"].update(requestBody={"content": TEXT}),
        C,
        "/paths/~1things/delete/requestBody",
    ),
    DocumentEdit(
        "body became optional", lambda d: _post(d)["requestBody"].pop("required"), C, f"{POST}/requestBody/required"
    ),
    DocumentEdit("body removed", lambda d: _post(d).pop("requestBody"), B, f"{POST}/requestBody"),
    DocumentEdit(
        "request media type added", lambda d: _body(d).update(TEXT), C, f"{POST}/requestBody/content/text~1plain"
    ),
    DocumentEdit(
        "request media type replaced",
        lambda d: _post(d)["requestBody"].update(content=TEXT),
        B,
        f"{POST}/requestBody/{JSON}",
    ),
    DocumentEdit(
        "request schema dropped", lambda d: _body(d)["application/json"].clear(), C, f"{POST}/requestBody/{JSON}/schema"
    ),
    DocumentEdit(
        "response media type added",
        lambda d: _answers(d)["200"]["content"].update(TEXT),
        C,
        f"{POST}/responses/200/content/text~1plain",
    ),
    DocumentEdit(
        "response media type replaced",
        lambda d: _answers(d)["200"].update(content=TEXT),
        B,
        f"{POST}/responses/200/{JSON}",
    ),
    DocumentEdit(
        "response schema dropped",
        lambda d: _answers(d)["200"]["content"]["application/json"].clear(),
        B,
        f"{POST}/responses/200/{JSON}/schema",
    ),
    DocumentEdit(
        "status added", lambda d: _answers(d).update({"409": {"description": "Twice."}}), C, f"{POST}/responses/409"
    ),
    DocumentEdit("status removed", lambda d: _answers(d).pop("422"), B, f"{POST}/responses/422"),
    DocumentEdit(
        "status changed", lambda d: _answers(d).update({"201": _answers(d).pop("200")}), B, f"{POST}/responses/200"
    ),
    DocumentEdit("security no longer asked for", lambda d: d.pop("security"), C, "/security"),
    DocumentEdit(
        "other security offered", lambda d: d.update(security=[{"Bearer": []}, {"Key": []}]), C, "/security/1"
    ),
    DocumentEdit("more security asked for", lambda d: d.update(security=[{"Bearer": [], "Key": []}]), B, "/security/0"),
    DocumentEdit(
        "other security asked for", lambda d: _post(d).update(security=[{"Key": []}]), B, f"{POST}/security/0"
    ),
    DocumentEdit("security repeated", lambda d: _post(d).update(security=[{"Bearer": []}]), E, f"{POST}/security"),
    DocumentEdit(
        "security scheme changed",
        lambda d: d["components"]["securitySchemes"]["Bearer"].update(scheme="basic"),
        B,
        "/components/securitySchemes/Bearer/scheme",
    ),
    DocumentEdit("server replaced", lambda d: d["servers"][0].update(url="https://b.example"), B, "/servers/0"),
    DocumentEdit("server added", lambda d: d["servers"].append({"url": "https://b.example"}), C, "/servers/1"),
    DocumentEdit(
        "member added for both ways",
        lambda d: _schemas(d)["Colour"]["enum"].append("blue"),
        B,
        "/components/schemas/Colour/enum",
    ),
    DocumentEdit(
        "member added to a response",
        lambda d: _schemas(d)["State"]["enum"].append("old"),
        B,
        "/components/schemas/State/enum",
    ),
    DocumentEdit(
        "known name added", lambda d: _schemas(d)["Maker"]["enum"].append("emca"), C, "/components/schemas/Maker/enum"
    ),
    DocumentEdit(
        "reference made nullable in a response",
        _property("Made", "state", {"anyOf": [STATE, NULL]}),
        B,
        "/components/schemas/Made/properties/state/anyOf/1",
    ),
    DocumentEdit(
        "reference made nullable in a request",
        _property("Thing", "maker", {"anyOf": [{"$ref": "#/components/schemas/Maker"}, STRING, NULL]}),
        C,
        "/components/schemas/Thing/properties/maker/anyOf/2",
    ),
    DocumentEdit(
        "reference led elsewhere",
        _property("Made", "state", {"$ref": "#/components/schemas/Colour"}),
        B,
        "/components/schemas/Colour/enum",
    ),
    DocumentEdit(
        "component renamed",
        lambda d: (
            _rename("State", "Condition")(d),
            _property("Made", "state", {"$ref": "#/components/schemas/Condition"})(d),
        ),
        B,
        "/components/schemas/Condition",
    ),
    DocumentEdit(
        "schema extracted",
        lambda d: (
            _schemas(d).update(Size=_schemas(d)["Thing"]["properties"]["size"]),
            _property("Thing", "size", {"$ref": "#/components/schemas/Size"})(d),
        ),
        E,
        "/components/schemas/Size",
    ),
    DocumentEdit(
        "reference wrapped",
        _property("Made", "state", {"allOf": [STATE]}),
        E,
        "/components/schemas/Made/properties/state",
    ),
    DocumentEdit(
        "reference described",
        _property("Made", "state", STATE | {"description": "How far."}),
        E,
        "/components/schemas/Made/properties/state/description",
    ),
    DocumentEdit(
        "another value mapped", lambda d: _mapping(d).update(hound="#/components/schemas/Dog"), B, f"{MAPPING}/hound"
    ),
    DocumentEdit("value no longer mapped", lambda d: _mapping(d).pop("dog"), C, f"{MAPPING}/dog"),
    DocumentEdit(
        "value mapped elsewhere",
        lambda d: _mapping(d).update(dog="#/components/schemas/Cat"),
        B,
        f"{MAPPING}/dog",
    ),
    DocumentEdit("title reworded", lambda d: d["info"].update(title="More things"), E, "/info/title"),
    DocumentEdit("tag described", lambda d: d["tags"][0].update(description="All of them."), E, "/tags/0/description"),
    DocumentEdit(
        "example added",
        lambda d: _body(d)["application/json"].update(example={"colour": "red"}),
        E,
        f"{POST}/requestBody/{JSON}/example",
    ),
]
