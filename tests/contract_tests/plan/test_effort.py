"""Plans of documents with many operations, or with large bodies, have bounds."""

from __future__ import annotations

import sys
import tracemalloc
from collections import Counter

import pytest

from contract_tests.contract.contract import read_contract
from contract_tests.plan.mutations import break_each_statement
from contract_tests.plan.plan import Plan, make_plan
from contract_tests.plan.schedule import make_schedule
from tests.support.drawn_schemas import contract_of
from tests.support.large_document import large_document
from tests.support.tiers import share_out
from tests.support.zoo_runs import NAMES, ZOO

MEGABYTE = 1_000_000
HEAVIEST = ("form", "multipart")
OTHERS = [name for name in NAMES if name not in HEAVIEST]


def plans_of(operations: int) -> list[Plan]:
    contract = large_document(operations)
    return [make_plan(contract, each.body or "", all_known_names=False) for each in contract.operations]


def size_of(plan: Plan) -> int:
    return sum(len(planned.text) for planned in plan.bodies)


@pytest.mark.slow
def test_each_of_many_operations_has_a_plan_as_small_as_beside_half_as_many() -> None:
    sizes = [size_of(plan) for plan in plans_of(20)]
    assert sizes[:10] == [size_of(plan) for plan in plans_of(10)]
    assert max(sizes) < 2 * MEGABYTE


@pytest.mark.slow
def test_a_plan_takes_less_than_two_megabytes_of_memory() -> None:
    plans_of(5)  # what is remembered for all operations
    tracemalloc.start()
    plans_of(5)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most / 5 < 2 * MEGABYTE


@pytest.mark.parametrize("name", [*HEAVIEST, *share_out(OTHERS, slow=len(OTHERS))])
def test_all_requests_for_an_operation_take_less_than_two_megabytes_of_memory(name: str) -> None:
    make_schedule(read_contract(ZOO / f"{name}.yaml"), all_known_names=True, seed=0, max_calls=30)  # as above
    contract = read_contract(ZOO / f"{name}.yaml")
    tracemalloc.start()
    make_schedule(contract, all_known_names=True, seed=0, max_calls=30)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most / len(contract.operations) < 2 * MEGABYTE


def test_the_combinations_of_many_optional_parts_take_a_bounded_number_of_steps() -> None:
    card = {"type": "object", "required": ["number"], "properties": {"number": {"type": "string"}}}
    parts = {f"part-{number}": {"$ref": "#/components/schemas/Card"} for number in range(20)}
    contract = contract_of({"Card": card, "A": {"type": "object", "properties": parts}})
    steps = Counter[str]()
    sys.setprofile(lambda _frame, event, _argument: steps.update([event]))
    try:
        plan = make_plan(contract, "/components/schemas/A", all_known_names=False)
    finally:
        sys.setprofile(None)
    assert str(plan.triples) == "9120 of 9120"
    assert steps["call"] < 250_000


def test_the_caps_of_a_plan_are_told() -> None:
    withheld = [str(choice) for choice in plans_of(5)[0].withheld]
    assert "the body: parts more than 2 levels deep (--thorough looks deeper)" in withheld
    assert any(text.endswith("28 further members (--thorough tries them)") for text in withheld)
    assert any("invalid bodies beyond the first 120" in text for text in withheld)


def test_a_plan_makes_no_more_invalid_bodies_than_its_cap() -> None:
    contract = large_document(5)
    pointer = contract.operations[0].body or ""
    plan = make_plan(contract, pointer, all_known_names=False)
    assert len(list(break_each_statement(contract, pointer, plan))) == plan.effort.broken


def test_the_one_operation_of_a_document_keeps_nothing_back() -> None:
    plan = make_plan(contract_of({"A": {"enum": list(range(60))}}), "/components/schemas/A", all_known_names=False)
    assert plan.withheld == ()
    assert len(plan.bodies) == 60
