"""Schemas are related by the values that they admit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from scripts.drift.schemas.normal_form import Forms
from scripts.drift.schemas.relation import Relation
from scripts.fidelity.schema_pairs import PAIRS, SCHEMAS
from tests.scripts.drift.schemas.test_normal_form import IT, document

if TYPE_CHECKING:
    from scripts.fidelity.schema_pairs import Schema
    from spec.json_value import Json

CHAIN: dict[str, Any] = {"$ref": "#/components/schemas/Chain"}
STRING: dict[str, Any] = {"type": "string"}
NULL: dict[str, Any] = {"type": "null"}
A: dict[str, Any] = {"type": "object", "properties": {"a": STRING}}
B: dict[str, Any] = {"type": "object", "properties": {"b": STRING}}
CLOSED = {"additionalProperties": False}


def relate(base: Json, new: Json) -> str:
    relation = Relation(Forms(document(base)), Forms(document(new)))
    answers = relation.implies((IT,), (IT,)), relation.reverse.implies((IT,), (IT,))
    return {(True, True): "same", (True, False): "wider", (False, True): "narrower", (False, False): "other"}[answers]


@pytest.mark.parametrize(
    ("base", "new", "expected"),
    [
        (STRING | {"const": "a"}, STRING | {"enum": ["a"]}, "same"),
        ({"type": ["string", "null"], "maxLength": 3}, {"anyOf": [NULL, STRING | {"maxLength": 3}]}, "same"),
        ({"type": ["string", "null"], "enum": ["a", None]}, {"oneOf": [STRING | {"enum": ["a"]}, NULL]}, "same"),
        ({"anyOf": [STRING | {"enum": ["a"]}, STRING]}, STRING, "same"),
        ({"anyOf": [{"const": 1}, {"const": 2}]}, {"enum": [2, 1.0]}, "same"),
        ({"type": "integer"}, {"type": "number", "multipleOf": 1}, "same"),
        ({"type": "integer", "exclusiveMinimum": 1.5}, {"type": "integer", "minimum": 2}, "same"),
        ({"type": "boolean"}, {"enum": [True, False]}, "same"),
        (CHAIN, {"allOf": [CHAIN]}, "same"),
        (CHAIN, {"type": "object", "properties": {"a": CHAIN, "b": STRING}}, "same"),
        (A | {"properties": {"a": STRING, "b": STRING}}, {"allOf": [A, B]}, "same"),
        ({"allOf": [A, {"unevaluatedProperties": True}]}, A, "same"),
        (A | CLOSED, A | {"unevaluatedProperties": False}, "same"),
        (
            {"allOf": [A, B], "unevaluatedProperties": False},
            A | {"properties": {"a": STRING, "b": STRING}} | CLOSED,
            "same",
        ),
        ({"multipleOf": 0.2}, {"multipleOf": 0.1}, "wider"),
        ({"enum": [1]}, {"enum": [True]}, "other"),
        ({"enum": ["a", "b"]}, STRING | {"maxLength": 1}, "wider"),
        (CHAIN, {"anyOf": [CHAIN, NULL]}, "wider"),
        (STRING, {}, "wider"),
        (STRING, True, "wider"),
        (False, STRING, "wider"),
        ({"format": "int32"}, {"format": "int64"}, "wider"),
        ({"not": {"enum": ["a", "b"]}}, {"not": {"enum": ["a"]}}, "wider"),
        (
            {"contains": STRING, "maxContains": 1},
            {"contains": {"const": "a"}, "maxContains": 1, "minContains": 0},
            "wider",
        ),
        ({"dependentRequired": {"x-a": ["b"]}}, {"required": ["b"]}, "narrower"),
        (STRING | {"minLength": 1}, STRING | {"minLength": 2}, "narrower"),
        (STRING, {"type": "integer"}, "other"),
        (A | CLOSED, A | {"properties": {"a": STRING, "b": STRING}} | CLOSED, "wider"),
        ({"contentEncoding": "base64"}, {"contentEncoding": "base32"}, "other"),
    ],
)
def test_schemas_are_related_by_what_they_admit(base: Json, new: Json, expected: str) -> None:
    assert relate(base, new) == expected
    opposite = {"wider": "narrower", "narrower": "wider"}
    assert relate(new, base) == opposite.get(expected, expected)


ARRAY: dict[str, Any] = {"type": "array"}
OBJECT: dict[str, Any] = {"type": "object"}
INTEGER: dict[str, Any] = {"type": "integer"}
PAIR: list[dict[str, Any]] = [STRING, INTEGER]
SAME: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    (ARRAY | {"maxItems": 0}, ARRAY | {"items": False}),
    (ARRAY | {"maxItems": 0}, ARRAY | {"items": False, "maxItems": 3}),
    (ARRAY | {"maxItems": 0}, ARRAY | {"maxItems": 0, "items": STRING}),
    (ARRAY | {"maxItems": 0}, ARRAY | {"unevaluatedItems": False}),
    (ARRAY | {"maxItems": 0}, {"const": []}),
    (ARRAY | {"maxItems": 2, "prefixItems": PAIR}, ARRAY | {"prefixItems": PAIR, "items": False}),
    (ARRAY | {"maxItems": 1, "prefixItems": PAIR}, ARRAY | {"prefixItems": [STRING], "items": False}),
    (ARRAY | {"maxItems": 1, "items": STRING}, ARRAY | {"maxItems": 1, "prefixItems": [STRING]}),
    (ARRAY | {"prefixItems": [STRING, False]}, ARRAY | {"maxItems": 1, "prefixItems": [STRING]}),
    (ARRAY | {"maxItems": 1}, ARRAY | {"maxItems": 1, "uniqueItems": True}),
    (ARRAY | {"contains": STRING, "minContains": 2}, ARRAY | {"contains": STRING, "minContains": 2, "minItems": 2}),
    (ARRAY | {"maxItems": 1}, ARRAY | {"maxItems": 1, "contains": STRING, "minContains": 0, "maxContains": 1}),
    (OBJECT | {"maxProperties": 0}, OBJECT | CLOSED),
    (OBJECT | {"maxProperties": 0}, OBJECT | CLOSED | {"properties": {"a": False}}),
    (OBJECT | {"maxProperties": 0}, OBJECT | {"propertyNames": False}),
    (OBJECT | {"maxProperties": 0}, OBJECT | {"unevaluatedProperties": False}),
    (OBJECT | {"maxProperties": 0}, OBJECT | {"maxProperties": 0, "additionalProperties": STRING}),
    (OBJECT | {"maxProperties": 0}, {"const": {}}),
    (OBJECT | {"required": ["a", "b"]}, OBJECT | {"required": ["a", "b"], "minProperties": 2}),
    (A | B | CLOSED, A | B | CLOSED | {"maxProperties": 1}),
    (A | CLOSED | {"minProperties": 1}, A | CLOSED | {"required": ["a"]}),
    (A | {"required": ["a"], "maxProperties": 1}, A | CLOSED | {"required": ["a"]}),
    (OBJECT | {"required": ["a", "b"]}, OBJECT | {"required": ["a"], "dependentRequired": {"a": ["b"]}}),
    (OBJECT, OBJECT | {"dependentRequired": {"a": ["a"]}}),
    (OBJECT | {"required": ["a", "b"], "maxProperties": 1}, {"not": {}}),
    (ARRAY | {"contains": STRING, "maxItems": 0}, {"not": {}}),
    (INTEGER | {"enum": [1, 2], "minimum": 0}, {"enum": [1, 2]}),
    (INTEGER | {"enum": [1, 2], "exclusiveMinimum": 1}, {"const": 2}),
    ({"type": ["integer", "null"], "enum": [1, 2, None], "maximum": 1}, {"enum": [1, None]}),
    (INTEGER | {"minimum": 1, "maximum": 3}, {"enum": [1, 2, 3]}),
    (INTEGER | {"exclusiveMinimum": 0, "exclusiveMaximum": 2}, {"const": 1}),
    ({"type": "number", "minimum": 1.5, "maximum": 1.5}, {"const": 1.5}),
    (STRING | {"maxLength": 0}, {"const": ""}),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_admits_the_same_values_is_the_same_whichever_keywords_say_so(one: Json, other: Json) -> None:
    assert relate(one, other) == "same"


@pytest.mark.parametrize(
    ("base", "new", "expected"),
    [
        (ARRAY | {"items": False}, ARRAY | {"items": STRING}, "wider"),
        (ARRAY | {"maxItems": 1}, ARRAY | {"items": False}, "narrower"),
        (OBJECT | CLOSED, OBJECT | {"required": ["a"]}, "other"),
        (OBJECT | {"maxProperties": 1}, OBJECT | CLOSED, "narrower"),
        (OBJECT | CLOSED, A | CLOSED, "wider"),
        (A | CLOSED | {"minProperties": 1}, A | CLOSED, "wider"),
        (INTEGER | {"minimum": 1, "maximum": 3}, {"enum": [1, 2]}, "narrower"),
        ({"type": "number", "minimum": 1, "maximum": 3}, {"enum": [1, 2, 3]}, "narrower"),
        (OBJECT | {"dependentRequired": {"a": ["b"]}}, OBJECT | {"required": ["b"]}, "narrower"),
    ],
)
def test_what_only_nearly_admits_the_same_is_told_apart(base: Json, new: Json, expected: str) -> None:
    assert relate(base, new) == expected


@given(SCHEMAS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_schema_is_the_same_as_itself(schema: Schema) -> None:
    assert relate(schema, schema) == "same"


@given(PAIRS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_schema_within_allof_or_behind_a_reference_is_the_same(pair: tuple[Schema, Schema]) -> None:
    both = {"allOf": [*pair]}
    assert relate(both, {"allOf": [{"allOf": [pair[1]]}, pair[0]]}) == "same"
