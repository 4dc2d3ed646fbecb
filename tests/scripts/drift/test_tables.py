"""The tables of keywords and fields are whole, and each change of each keyword has its class."""

from __future__ import annotations

import json
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import jsonschema_specifications  # type: ignore[import-untyped]
import pytest

from scripts.drift.classify import classify
from scripts.drift.differences import IMPACTS
from scripts.drift.objects.fields import FIELDS
from scripts.drift.schemas.keywords import ROLES, SIMPLE, STRUCTURED
from scripts.fidelity.gate_judgement import spec_of
from spec.reader import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.drift.differences import Impact
    from spec.json_value import Json

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/"
OPENAPI: Final = "openapi_spec_validator/resources/schemas/v3.1/schema.json"
# The keywords of https://spec.openapis.org/oas/3.1/meta/base, which no package here has.
OWN: Final = {"discriminator", "xml", "externalDocs", "example"}


def schema_keywords() -> set[str]:
    """The keywords of JSON Schema 2020-12, the deprecated ones too, as its meta-schemas have them."""
    found = {
        keyword
        for uri in jsonschema_specifications.REGISTRY
        if uri.startswith(DIALECT) and "format-assertion" not in uri
        for keyword in jsonschema_specifications.REGISTRY[uri].contents.get("properties", {})
    }
    return found | OWN


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


def test_every_keyword_has_a_role() -> None:
    assert schema_keywords() == set(ROLES)


def test_every_field_of_openapi_has_a_row() -> None:
    # `examples` and `example` are defined apart, for all objects that have them.
    shared = [("examples", "example"), ("examples", "examples")]
    missing = [pair for pair in openapi_fields() if pair not in shared and pair[1] not in FIELDS.get(pair[0], {})]
    assert missing == []


def test_no_row_is_about_a_field_that_is_none() -> None:
    known = {*openapi_fields(), *((name, field) for name in FIELDS for field in ("example", "examples"))}
    known |= {("link", "server"), ("path-item", "$ref")}  # the specification has them, and the schema does not
    assert {(name, field) for name, row in FIELDS.items() for field in row} - known == set()


class Row(NamedTuple):
    """Values of a keyword: `loose` admits more than `strict`, and `other` admits other values than `strict`.

    `beside` stands in both schemas. `absent` is looser than either.
    """

    loose: Json
    strict: Json
    other: Json = ABSENT
    beside: Schema = {}  # noqa: RUF012 - a tuple's default
    turned: bool = False
    """True where the absence of the keyword admits less."""


S: Final[Schema] = {"type": "string"}
I: Final[Schema] = {"type": "integer"}  # noqa: E741 - as short as its neighbour
LONG: Final[Schema] = {"type": "string", "maxLength": 5}
SHORT: Final[Schema] = {"type": "string", "maxLength": 2}

ROWS: Final[dict[str, Row]] = {
    "type": Row(["string", "null"], "string", "integer"),
    "const": Row(ABSENT, "a", "b"),
    "enum": Row(["a", "b"], ["a"], ["b"]),
    "format": Row("int64", "int32", "float"),
    "multipleOf": Row(2, 4, 3),
    "minimum": Row(1, 2),
    "exclusiveMinimum": Row(1, 2),
    "maximum": Row(2, 1),
    "exclusiveMaximum": Row(2, 1),
    "minLength": Row(1, 2),
    "maxLength": Row(2, 1),
    "pattern": Row(ABSENT, "^a", "^b"),
    "contentEncoding": Row(ABSENT, "base64", "base32"),
    "contentMediaType": Row(ABSENT, "text/css", "text/html"),
    "contentSchema": Row(LONG, SHORT, I),
    "items": Row(LONG, SHORT, I),
    "prefixItems": Row([LONG], [SHORT], [I]),
    "unevaluatedItems": Row(LONG, SHORT, I),
    "contains": Row(LONG, SHORT, I),
    "minContains": Row(2, 3, beside={"contains": S}),
    "maxContains": Row(3, 2, beside={"contains": S}),
    "minItems": Row(1, 2),
    "maxItems": Row(2, 1),
    "uniqueItems": Row(ABSENT, strict=True),
    "properties": Row({"a": LONG}, {"a": SHORT}, {"a": I}, beside={"patternProperties": {"a": {"maxLength": 9}}}),
    "patternProperties": Row({"^a": LONG}, {"^a": SHORT}, {"^a": I}),
    "additionalProperties": Row(LONG, SHORT, I),
    "unevaluatedProperties": Row(LONG, SHORT, I),
    "propertyNames": Row({"maxLength": 5}, {"maxLength": 2}, {"minLength": 1}),
    "required": Row(["a"], ["a", "b"], ["c"]),
    "dependentRequired": Row({"x-a": ["b"]}, {"x-a": ["b", "c"]}, {"x-a": ["d"]}),
    "dependentSchemas": Row(
        {"x-a": LONG | {"type": "object", "maxProperties": 3}}, {"x-a": {"maxProperties": 1, "type": "object"}}
    ),
    "minProperties": Row(1, 2),
    "maxProperties": Row(2, 1),
    "allOf": Row([LONG], [SHORT], [I]),
    "anyOf": Row([S, I], [S], [{"type": "null"}]),
    "oneOf": Row([S, I], [S], [{"type": "null"}]),
    "not": Row({"enum": ["a"]}, {"enum": ["a", "b"]}, {"enum": ["c"]}),
    "if": Row(ABSENT, {"minLength": 2}, {"minLength": 3}, beside={"then": {"pattern": "^a"}}),
    "then": Row({"maxLength": 5}, {"maxLength": 2}, {"pattern": "x"}, beside={"if": {"pattern": "^a"}}),
    "else": Row({"maxLength": 5}, {"maxLength": 2}, {"pattern": "x"}, beside={"if": {"pattern": "^a"}}),
    "$ref": Row("#/components/schemas/Nest", "#/components/schemas/Chain"),
}
# `if` decides which values `then` is about, so any change of it may refuse some and admit others.
EITHER_WAY: Final = {"if", "$ref"}
NARROWER: Final[dict[str, Impact]] = {"request": "breaking", "response": "compatible"}
WIDER: Final[dict[str, Impact]] = {"request": "compatible", "response": "breaking"}


def told(before: Schema, after: Schema, direction: str) -> Impact:
    changes = classify(*(spec_of(schema, direction) for schema in (before, after)))  # type: ignore[arg-type]
    return min((change.impact for change in changes), key=IMPACTS.index, default="editorial")


def stated(keyword: str, value: Json) -> Schema:
    own = {} if value is ABSENT else {keyword: value}
    return ROWS[keyword].beside | own


@pytest.mark.parametrize("keyword", sorted(k for k, role in ROLES.items() if role in {"demand", "in place"}))
def test_every_keyword_that_admits_values_has_a_row(keyword: str) -> None:
    assert keyword in ROWS


@pytest.mark.parametrize("direction", ["request", "response"])
@pytest.mark.parametrize("keyword", sorted(set(ROWS) - EITHER_WAY))
def test_each_change_of_a_keyword_has_its_class(keyword: str, direction: str) -> None:
    row, none = ROWS[keyword], stated(keyword, ABSENT)
    loose, strict = stated(keyword, row.loose), stated(keyword, row.strict)
    found = {
        "added": told(none, strict, direction),
        "removed": told(strict, none, direction),
        "narrowed": told(loose, strict, direction),
        "widened": told(strict, loose, direction),
    }
    more, less = WIDER[direction], NARROWER[direction]
    assert found == {"added": less, "removed": more, "narrowed": less, "widened": more}


@pytest.mark.parametrize("direction", ["request", "response"])
@pytest.mark.parametrize("keyword", sorted(keyword for keyword, row in ROWS.items() if row.other is not ABSENT))
def test_another_value_of_a_keyword_breaks_both_ways(keyword: str, direction: str) -> None:
    row = ROWS[keyword]
    assert told(stated(keyword, row.strict), stated(keyword, row.other), direction) == "breaking"


@pytest.mark.parametrize("direction", ["request", "response"])
@pytest.mark.parametrize("keyword", sorted(ROWS))
def test_a_keyword_that_moves_into_allof_or_behind_a_reference_changes_nothing(keyword: str, direction: str) -> None:
    schema = stated(keyword, ROWS[keyword].strict)
    assert told(schema, {"allOf": [schema]}, direction) == "editorial"
    moved = spec_of({"$ref": "#/components/schemas/Moved"}, direction)  # type: ignore[arg-type]
    moved.document["components"]["schemas"]["Moved"] = schema
    changes = classify(spec_of(schema, direction), moved)  # type: ignore[arg-type]
    assert {change.impact for change in changes} == {"editorial"}


@pytest.mark.parametrize("keyword", sorted(k for k, role in ROLES.items() if role == "text"))
def test_texts_are_editorial(keyword: str) -> None:
    assert told({keyword: "a"}, {keyword: "b"}, "request") == "editorial"


@pytest.mark.parametrize("keyword", ["$schema", "$vocabulary", "dependencies", "nonesuch"])
def test_what_cannot_be_judged_counts_as_breaking(keyword: str) -> None:
    for direction in ("request", "response"):
        assert told({}, {keyword: "a"}, direction) == told({keyword: "a"}, {}, direction) == "breaking"


@pytest.mark.parametrize("keyword", ["nullable", "deprecated", "readOnly", "writeOnly", "uniqueItems"])
def test_a_default_that_is_stated_changes_nothing(keyword: str) -> None:
    assert told({"type": "string"}, {"type": "string", keyword: False}, "request") == "editorial"


def test_every_demand_of_the_normal_form_has_a_rule() -> None:
    assert not SIMPLE.keys() & STRUCTURED.keys()
    named = {*SIMPLE, *STRUCTURED} - {"unjudged"}
    assert named <= set(ROLES)
