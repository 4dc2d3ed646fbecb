"""Every three parts that shape a request, together."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.plan.alternatives import Alternatives
from contract_tests.plan.plan import cut_plan, make_plan
from contract_tests.plan.reading import Reading
from contract_tests.plan.shapes import Shapes, Triples
from contract_tests.target.limits import FREE
from spec.reader import parse_spec

ORDER = "/components/schemas/Order"
SPEC = """\
openapi: 3.1.0
components:
  schemas:
    Order:
      type: object
      properties:
        note: {type: [string, 'null']}
        parts: {type: array, items: {type: string}}
        payment: {oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Cash'}]}
    Card:
      type: object
      required: [kind]
      properties: {kind: {enum: [card]}, uses: {type: array, items: {type: string}}}
    Cash: {type: object, required: [kind], properties: {kind: {enum: [cash]}}}
"""


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract(parse_spec(Path("spec.yaml"), SPEC))


@pytest.fixture(scope="module")
def shapes(contract: Contract) -> Shapes:
    return Shapes(Alternatives(Reading(contract, all_known_names=False, limits=FREE)).of_body(ORDER))


def test_factors_are_fields_of_the_top_branches_and_arrays(shapes: Shapes) -> None:
    sizes = sorted(values.bit_count() for values in shapes.alternatives)
    # note: there, null, absent; parts and uses: empty, filled, absent; payment: card, cash, absent
    assert sizes == [3, 3, 3, 3]


def test_only_threes_that_one_body_can_have_are_counted(shapes: Shapes) -> None:
    # note x parts x payment; and with the uses of a card: note x parts, note x card, parts x card
    assert Triples(shapes).total == 3 * 3 * 3 + (3 * 3 + 3 + 3) * 3


def test_shapes_cover_every_three_in_the_end(shapes: Shapes) -> None:
    triples, random, number = Triples(shapes), Random(1), 0  # noqa: S311 - variety, not secrecy
    while shape := triples.shape(random):
        triples.remember(shape)
        number += 1
    assert triples.covered == triples.total
    assert number < 60


def test_what_no_body_can_have_is_given_up(shapes: Shapes) -> None:
    triples = Triples(shapes)
    triples.give_up((1 << len(shapes.values)) - 1)
    assert triples.shape(Random(1)) == 0  # noqa: S311 - variety, not secrecy


def test_a_thorough_plan_has_every_three(contract: Contract) -> None:
    plan = make_plan(contract, ORDER, all_known_names=False, thorough=True)
    assert 0 < plan.triples.covered == plan.triples.total
    assert 0 < cut_plan(plan, 3).triples.covered < plan.triples.total
