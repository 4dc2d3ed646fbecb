"""A schema has one normal form, however it is written. It admits what the schema admits."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from scripts.drift.schemas.keywords import Members
from scripts.drift.schemas.normal_form import Forms
from scripts.fidelity.schema_pairs import COMPONENTS, SCHEMAS, VALUES
from tests.support.normal_forms import written

if TYPE_CHECKING:
    from spec.json_value import Json

IT = "/components/schemas/It"
SIBLINGS: dict[str, Any] = {"$ref": "#/components/schemas/Chain", "required": ["a"], "maxProperties": 2}
CHAIN: dict[str, Any] = {"$ref": "#/components/schemas/Chain"}
OPEN = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "string"}}


def document(schema: Json) -> dict[str, Any]:
    return {"components": {"schemas": COMPONENTS | {"It": schema}}}


def normal_form(schema: Json) -> Json:
    return written(Forms(document(schema)), (IT,))


def validator(schema: Json) -> jsonschema_rs.Validator:
    registry = jsonschema_rs.Registry([("urn:it", document(schema))], draft=jsonschema_rs.Draft202012)
    root = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": f"urn:it#{IT}"}
    return jsonschema_rs.validator_for(root, registry=registry, validate_formats=True)


@given(SCHEMAS, st.lists(VALUES, min_size=5, max_size=8))
@settings(suppress_health_check=[HealthCheck.too_slow])
@example(SIBLINGS, [{"a": {}}, {"a": {"b": 1}}, {}, {"a": {}, "b": "", "xa": 0}])
@example({"oneOf": [CHAIN, {"type": ["object", "null"]}, CHAIN]}, [{}, {"b": 1}, None, ""])
@example({"allOf": [OPEN, {"properties": {"b": {"type": "number"}}}]}, [{"b": 1}, {"b": ""}, {"a": ""}])
def test_admits_what_the_schema_admits(schema: Json, instances: list[Json]) -> None:
    assume("unevaluated" not in str(schema))  # a schema that cannot be judged has no normal form
    try:
        before = validator(schema)
    except ValueError:
        assume(False)  # noqa: FBT003 - an unbounded recursion
    after = validator(normal_form(schema))
    assert [before.is_valid(each) for each in instances] == [after.is_valid(each) for each in instances]


@given(SCHEMAS)
@settings(suppress_health_check=[HealthCheck.too_slow])
@example(SIBLINGS)
@example({"type": "string", "$ref": "#/components/schemas/Nest", "minLength": 1})
@example({"exclusiveMaximum": 0, "exclusiveMinimum": 0})
@example({"oneOf": [CHAIN, CHAIN]})
@example({**CHAIN, "oneOf": [{}, {"minItems": 0}]})
@example({"exclusiveMaximum": 0, "oneOf": [CHAIN, {"additionalProperties": {}}]})
@example({"items": {}})
@example({**CHAIN, "additionalProperties": CHAIN})
@example({"additionalProperties": CHAIN, "oneOf": [CHAIN, {"additionalProperties": {}}]})
def test_is_a_fixed_point(schema: Json) -> None:
    assume("unevaluated" not in str(schema))
    once = normal_form(schema)
    assert normal_form(once) == once


@given(SCHEMAS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_leaves_the_schema_as_it_is(schema: Json) -> None:
    before = deepcopy(schema)
    normal_form(schema)
    assert schema == before


def test_a_choice_of_one_schema_with_itself_admits_nothing() -> None:
    assert normal_form({"oneOf": [CHAIN, CHAIN]}) is False


def test_a_union_of_one_schema_with_itself_is_that_schema() -> None:
    assert normal_form({"anyOf": [CHAIN, CHAIN]}) == normal_form(CHAIN)


def test_a_choice_that_holds_a_schema_twice_admits_what_the_others_alone_admit() -> None:
    choice = {"oneOf": [CHAIN, {"type": "null"}, CHAIN]}
    assert normal_form(choice) == normal_form({"type": "null"})


def test_a_pattern_that_a_backtracking_search_never_ends_on_is_answered() -> None:
    assert Members(patterns={"^(a+)+$": ("/p",)}).of("a" * 60 + "!") == ()
