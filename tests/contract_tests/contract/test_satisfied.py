"""Schemas that an instance satisfies: ours are those that jsonschema-rs finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from contract_tests.contract.contract import read_contract
from contract_tests.contract.keywords import find_satisfied
from contract_tests.contract.satisfied import SatisfiedSchemas
from contract_tests.plan.mutations import break_each_statement
from tests.support.schedules import our_plan

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from spec.json_value import Json

REQUEST = "/components/schemas/CreateCall"

ANOTHER = """\
openapi: 3.1.0
info: {title: Another, version: 1.0.0}
paths: {}
components:
  schemas:
    Thing:
      allOf: [{$ref: '#/components/schemas/Named'}]
      properties:
        pair: {prefixItems: [{type: integer}, {type: string}], items: {$ref: '#/components/schemas/Rest'}}
        sized: {if: {type: integer}, then: {minimum: 1}, else: {type: string}}
      patternProperties: {^x-: {type: string}}
      additionalProperties: {anyOf: [{type: string, enum: [a]}, {type: 'null'}]}
      dependentSchemas: {pair: {required: [sized]}}
    Named: {required: [name]}
    Rest: {enum: [rest]}
"""


TELLING = {"properties", "required", "enum"}
EVERY = 3
"""Which of the invalid bodies are compared: one in so many, for jsonschema-rs takes long."""


def by_us(contract: Contract, pointer: str, instance: object) -> set[str]:
    return {
        kept.pointer for kept in SatisfiedSchemas(contract).find(pointer, instance) if TELLING & kept.statement.keys()
    }


def by_jsonschema_rs(contract: Contract, pointer: str, instance: object) -> set[str]:
    """The schemas among the keywords that it lists."""
    kept = {kept.pointer for kept in find_satisfied(contract.validator(pointer), instance) if kept.pointer}
    schemas = dict(contract.schemas_below([pointer]))
    return {pointer for pointer in kept & schemas.keys() if TELLING & schemas[pointer].keys()}


@pytest.mark.slow
def test_finds_what_jsonschema_rs_finds_in_requests(contract: Contract) -> None:
    for planned in our_plan().bodies:
        body = json.loads(json.dumps(planned.body))
        assert by_us(contract, REQUEST, body) == by_jsonschema_rs(contract, REQUEST, body)


@pytest.mark.slow
def test_finds_what_jsonschema_rs_finds_in_requests_that_are_wrong(contract: Contract) -> None:
    mutations = list(break_each_statement(contract, REQUEST, our_plan()))
    assert len(mutations) > EVERY
    for mutation in mutations[::EVERY]:
        assert by_us(contract, REQUEST, mutation.body) == by_jsonschema_rs(contract, REQUEST, mutation.body), mutation


@pytest.mark.parametrize(
    "thing",
    [
        {"name": "n", "pair": [1, "a", "rest"], "sized": 2, "x-a": "b", "other": "a", "none": None},
        {"name": "n", "sized": "text", "other": "b"},
        {"pair": ["a"], "sized": 0, "x-a": 1},
        [],
    ],
)
def test_finds_what_jsonschema_rs_finds_by_every_keyword(tmp_path: Path, thing: Json) -> None:
    spec = tmp_path / "openapi.yaml"
    spec.write_text(ANOTHER)
    contract = read_contract(spec)
    pointer = "/components/schemas/Thing"
    assert by_us(contract, pointer, thing) == by_jsonschema_rs(contract, pointer, thing)
