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


@given(SCHEMAS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_schema_is_the_same_as_itself(schema: Schema) -> None:
    assert relate(schema, schema) == "same"


@given(PAIRS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_schema_within_allof_or_behind_a_reference_is_the_same(pair: tuple[Schema, Schema]) -> None:
    both = {"allOf": [*pair]}
    assert relate(both, {"allOf": [{"allOf": [pair[1]]}, pair[0]]}) == "same"
