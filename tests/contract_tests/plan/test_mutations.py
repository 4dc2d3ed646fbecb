"""Planned bodies with one thing wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.contract.keywords import find_breaches, find_satisfied
from contract_tests.plan.mutations import Mutation, break_each_statement
from contract_tests.plan.plan import Plan, make_plan
from spec.reader import parse_spec
from tests.support.schedules import our_plan

REQUEST = "/components/schemas/CreateCall"
BREAKABLE = {"type", "enum", "minimum", "maximum", "pattern"}
ANOTHER = """\
openapi: 3.1.0
components:
  schemas:
    Order:
      type: object
      required: [code]
      additionalProperties: false
      properties:
        code: {type: string, minLength: 2, maxLength: 4}
        when: {type: string, format: date-time}
        type: {const: order}
        price: {type: number, exclusiveMinimum: 0}
        parts: {type: array, minItems: 1, maxItems: 2, items: {type: boolean}}
        dozens: {type: integer, multipleOf: 12}
        tags: {type: array, uniqueItems: true, items: {enum: [new, old]}}
        note: {type: [string, 'null'], minLength: 3}
        word: {type: [string, 'null'], pattern: '^[a-z]*$'}
        address: {type: [object, 'null'], additionalProperties: false, properties: {city: {type: string}}}
        poll: {type: object, dependentRequired: {end: [start]}, properties: {end: {const: 2}, start: {const: 1}}}
        least: {type: object, minProperties: 2, required: [a], properties: {a: {const: 1}, b: {const: 2}}}
        most: {type: object, maxProperties: 1, additionalProperties: {type: integer}}
        named: {type: object, propertyNames: {pattern: '^[a-z]+$'}, additionalProperties: {type: integer}}
        some: {type: array, contains: {const: 1}}
        twice: {type: array, contains: {const: 1}, minContains: 2, maxContains: 2}
        pair: {type: array, prefixItems: [{const: 1}], items: false, minItems: 1}
        last: {type: array, prefixItems: [{const: 1}], unevaluatedItems: false, minItems: 1}
        other: {type: integer, not: {const: 3}}
"""


def above(contract: Contract, pointer: str) -> str:
    """The keyword under which the request refers to the schema that holds a statement."""
    schema = pointer.rpartition("/")[0]
    references = [place for place in contract.spec.places if place.endswith("/$ref")]
    return next(place for place in references if contract.value(place) == f"#{schema}")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return our_plan()


@pytest.fixture(scope="module")
def mutations_of_another() -> dict[str, Mutation]:
    """The mutations of another contract, by their names."""
    contract = Contract(parse_spec(Path("another.yaml"), ANOTHER))
    pointer = "/components/schemas/Order"
    plan = make_plan(contract, pointer, all_known_names=False)
    return {str(mutation): mutation for mutation in break_each_statement(contract, pointer, plan)}


@pytest.fixture(scope="module")
def mutations(contract: Contract, plan: Plan) -> tuple[Mutation, ...]:
    return tuple(break_each_statement(contract, REQUEST, plan))


@pytest.mark.slow
def test_every_one_is_invalid_and_another_one(contract: Contract, mutations: tuple[Mutation, ...]) -> None:
    validator = contract.validator(REQUEST)
    assert not [str(mutation) for mutation in mutations if validator.is_valid(mutation.body)]
    assert len({json.dumps(mutation.body) for mutation in mutations}) == len(mutations)


def test_one_place_is_all_that_is_wrong(contract: Contract, mutations: tuple[Mutation, ...]) -> None:
    for mutation in mutations:
        broken = {breach.location for breach in find_breaches(contract.validator(REQUEST), mutation.body)}
        # Where no branch is meant any more, the breach is the union's, one step above.
        assert broken <= {mutation.location, mutation.location.rpartition("/")[0]}, str(mutation)


def test_a_bound_is_all_that_a_number_beyond_it_breaks(contract: Contract, mutations: tuple[Mutation, ...]) -> None:
    beyond = [mutation for mutation in mutations if mutation.pointer.endswith(("/minimum", "/maximum"))]
    for mutation in beyond:
        broken = {breach.pointer for breach in find_breaches(contract.validator(REQUEST), mutation.body)}
        assert broken == {mutation.pointer}, str(mutation)
    assert len(beyond) >= 20


def test_every_breakable_statement_of_the_plan_is_broken(
    contract: Contract, plan: Plan, mutations: tuple[Mutation, ...]
) -> None:
    """Known names beside any string cannot be broken, for any other string is valid too."""
    broken = {mutation.pointer for mutation in mutations}
    kept = {kept.pointer for body in plan.bodies for kept in find_satisfied(contract.validator(REQUEST), body.body)}
    left = {
        pointer
        for pointer in kept - broken
        if pointer.rpartition("/")[2] in BREAKABLE and not isinstance(contract.value(pointer), dict)
    }
    open_lists = {pointer for pointer in left if pointer.endswith("/enum")}
    assert all("anyOf" in above(contract, pointer) for pointer in open_lists)
    assert {contract.value(pointer) for pointer in left if pointer.endswith("/type")} <= {"null", "string"}
    assert not {pointer for pointer in left if not pointer.endswith(("/enum", "/type"))}


@pytest.mark.parametrize(
    ("keyword", "wrong"),
    [
        ("minLength", "code: against minLength 2"),
        ("maxLength", "code: against maxLength 4"),
        ("format", "when: no date-time"),
        ("const", "type: an undocumented member"),
        ("exclusiveMinimum", "price: below 0"),
        ("minItems", "parts: against minItems 1"),
        ("maxItems", "parts: against maxItems 2"),
        ("additionalProperties", "the body: an undocumented field"),
        ("multipleOf", "dozens: between two multiples of 12"),
        ("uniqueItems", "tags: an item twice"),
        ("items/type", "parts.1: its text for boolean"),
        ("code/type", "code: true for string"),
        ("note/minLength", "note: against minLength 3"),
        ("word/pattern", "word: a sign at the end"),
        ("address/additionalProperties", "address: an undocumented field"),
        ("poll/dependentRequired", "poll: end without start"),
        ("least/minProperties", "least: against minProperties 2"),
        ("most/maxProperties", "most: against maxProperties 1"),
        ("named/propertyNames", "named: a field named '!'"),
        ("some/contains", "some: no such item"),
        ("twice/maxContains", "twice: more than 2 such items"),
        ("twice/minContains", "twice: fewer than 2 such items"),
        ("pair/items", "pair: an item more"),
        ("last/unevaluatedItems", "last: an item more"),
        ("other/not", "other: 3, which is excluded"),
    ],
)
def test_breaks_the_keywords_of_another_contract(
    mutations_of_another: dict[str, Mutation], keyword: str, wrong: str
) -> None:
    assert mutations_of_another[wrong].pointer.endswith(keyword)
