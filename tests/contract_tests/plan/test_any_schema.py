"""The plan takes any schema of JSON Schema 2020-12."""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from contract_tests.plan.mutations import break_each_statement
from contract_tests.plan.plan import Plan, make_plan
from tests.support.drawn_schemas import COMPONENTS, contract_of

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from spec.json_value import Json

ROOT = "/components/schemas/A"
MEBIBYTE = 2**20


def plan_of(contract: Contract) -> Plan:
    return make_plan(contract, ROOT, all_known_names=False)


def values_of(schema: dict[str, Json], **others: Json) -> list[Json]:
    """The planned bodies of a schema, each known to be valid."""
    contract = contract_of({"A": schema, **others})
    plan = plan_of(contract)
    assert all(contract.validator(ROOT).is_valid(planned.body) for planned in plan.bodies)
    return [planned.body for planned in plan.bodies]


def hold_to_the_judge(components: dict[str, Json]) -> None:
    """Every planned body is valid, and every broken one is not."""
    contract = contract_of(components)
    try:
        _ = contract.operations
        is_valid = contract.request_validator(ROOT).is_valid
    except ValueError:
        assume(False)  # noqa: FBT003 - jsonschema-rs takes no such schema, or it is a circle: no run starts with it
    plan = plan_of(contract)
    assert all(is_valid(planned.body) for planned in plan.bodies)
    assert plan.bodies or plan.untried
    assert not any(is_valid(broken.body) for broken in break_each_statement(contract, ROOT, plan))


def used_memory() -> float:
    """The most memory that this process has used, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEBIBYTE


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(COMPONENTS)
def test_bodies_of_drawn_schemas_are_what_they_are_planned_for(components: dict[str, Any]) -> None:
    before = used_memory()
    hold_to_the_judge(components)
    assert used_memory() - before < 300


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": ["string", "null"], "maxLength": 5}, [None, "aaaaa"]),
        ({"type": ["array", "null"], "minItems": 1, "items": {"enum": [1]}}, [None, [1]]),
        (
            {"type": ["object", "null"], "additionalProperties": False, "properties": {"a": {"const": 1}}},
            [None, {"a": 1}],
        ),
        ({"maxLength": 5}, ["aaaaa"]),
        ({"type": "string", "enum": ["a", None]}, ["a"]),
        ({"type": "string", "minLength": 2, "pattern": "^a*$", "maxLength": 3}, ["aa", "aaa"]),
        ({"type": "string", "pattern": "^[A-Z]{2}-\\d{3}$"}, ["AA-000"]),
        ({"type": "string", "pattern": "^(?=.*\\d)(?=.*[a-z]).{6,}$"}, ["aA0-aA"]),
        ({"type": "string", "format": "int64", "maxLength": 1}, ["a"]),
        (
            {"allOf": [{"properties": {"a": {"const": 1}}}, {"properties": {"b": {"const": 2}}, "required": ["b"]}]},
            [{"a": 1, "b": 2}],
        ),
        ({"allOf": [{"type": "integer", "minimum": 3}, {"maximum": 9}]}, [3, 9]),
        ({"$ref": "#/components/schemas/B", "required": ["b"]}, [{"b": 1}]),
        (
            {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": {"a": {"const": 1}, "b": {"const": 1}}},
            [{"a": 1}, {"b": 1}],
        ),
        ({"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 5}]}, [8.75]),
        ({"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}}, [{"a": {}}]),
        ({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "readOnly": True}}}, [{}]),
        (
            {
                "if": {"properties": {"a": {"const": 1}}, "required": ["a"]},
                "then": {"required": ["b"]},
                "else": {"maxProperties": 0},
                "type": "object",
            },
            [{}],
        ),
        (
            {"properties": {"a": {"const": 1}, "b": {"const": 2}}, "dependentRequired": {"a": ["b"]}},
            [{"a": 1, "b": 2}, {"b": 2}],
        ),
        ({"properties": {"a": {"const": 1}}, "dependentSchemas": {"a": {"required": ["b"]}}}, [{}]),
        ({"type": "array", "prefixItems": [{"const": 1}, {"const": "a"}], "items": False}, [[], [1, "a"]]),
        ({"type": "array", "contains": {"const": 7}, "minItems": 2, "items": {"type": "integer", "maximum": 7}}, []),
        ({"type": "object", "propertyNames": {"pattern": "^x-"}, "minProperties": 1}, []),
        ({"type": "object", "patternProperties": {"^x-": {"const": 1}}, "additionalProperties": False}, [{}]),
        ({"allOf": [{"properties": {"a": {"const": 1}}}], "unevaluatedProperties": False}, [{"a": 1}]),
        ({"type": "array", "prefixItems": [{"const": 1}], "unevaluatedItems": False}, [[1]]),
        ({"type": "object", "minProperties": 5}, []),
        ({"not": {"type": "object"}}, []),
        ({"type": "number", "multipleOf": 0.01, "minimum": 0.015}, []),
    ],
)
def test_a_keyword_has_its_values_and_none_of_them_is_untried(schema: dict[str, Any], expected: list[Json]) -> None:
    contract = contract_of({"A": schema, "B": {"type": "object", "properties": {"b": {"const": 1}}}})
    plan = plan_of(contract)
    bodies = [planned.body for planned in plan.bodies]
    assert bodies
    assert all(contract.request_validator(ROOT).is_valid(body) for body in bodies)
    assert [value for value in expected if value not in bodies] == []
    assert plan.untried == ()


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": {"type": "integer"}, "contains": {"const": 7}, "minContains": 2},
        {"type": "array", "items": {"type": "integer"}, "contains": {"const": 7}, "maxContains": 2},
        {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "minProperties": 2},
        {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "maxProperties": 2},
    ],
    ids=lambda schema: [*schema][-1],
)
def test_a_bound_that_is_written_with_a_point_is_broken_like_any_other(schema: dict[str, Any]) -> None:
    *_, keyword = schema
    bodies = []
    for bound in (2, 2.0):
        contract = contract_of({"A": {**schema, keyword: bound}})
        broken = break_each_statement(contract, ROOT, plan_of(contract))
        bodies.append([each.body for each in broken if each.pointer == f"{ROOT}/{keyword}"])
    assert bodies[0] == bodies[1] != []


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ({"type": "string", "pattern": "/^[a-z]+$/"}, "pattern"),
        ({"type": "string", "minLength": 2**31 - 1}, "minLength"),
        ({"type": "array", "minItems": 2**31 - 1}, "minItems"),
        ({"type": "object", "minProperties": 2**31 - 1}, "minProperties"),
        ({"type": "integer", "not": {}}, "not"),
        ({"type": "integer", "multipleOf": 7, "minimum": 1, "maximum": 6}, "multipleOf"),
    ],
)
def test_a_part_without_a_value_is_untried_and_names_its_keyword(schema: dict[str, Any], keyword: str) -> None:
    plan = plan_of(contract_of({"A": {"type": "object", "properties": {"a": schema, "b": {"const": 1}}}}))
    assert [(choice.place, choice.pointer) for choice in plan.untried] == [("a", f"{ROOT}/properties/a/{keyword}")]
    assert {"b": 1} in [planned.body for planned in plan.bodies]


def test_a_long_maximum_takes_no_long_text() -> None:
    plan = plan_of(contract_of({"A": {"type": "string", "maxLength": 2**31 - 1}}))
    assert max(len(planned.text) for planned in plan.bodies) < 2 * MEBIBYTE
