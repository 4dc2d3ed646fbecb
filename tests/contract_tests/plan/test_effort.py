"""Plans of documents with many operations, or with large bodies, have bounds."""

from __future__ import annotations

import sys
import tracemalloc
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest

from contract_tests.contract.contract import read_contract
from contract_tests.plan import mutations
from contract_tests.plan.alternatives import Alternatives
from contract_tests.plan.mutations import break_each_statement
from contract_tests.plan.parameters import ParameterMedium
from contract_tests.plan.plan import Plan, make_plan
from contract_tests.plan.reading import Reading
from contract_tests.plan.schedule import make_schedule
from contract_tests.target.limits import FREE
from tests.support.drawn_schemas import contract_of
from tests.support.exchanges import write_contract
from tests.support.large_document import large_document
from tests.support.tiers import share_out
from tests.support.zoo_runs import NAMES, ZOO

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.choices import Choice

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
    assert "the body: combinations of tried choices (--thorough makes them)" in withheld


SHARED = """\
openapi: 3.1.0
info: {title: Shared, version: 1.0.0}
paths:
  /a/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {}}
    put: {requestBody: {$ref: '#/components/requestBodies/A'}, responses: {}}
  /b: {post: {requestBody: {$ref: '#/components/requestBodies/A'}, responses: {}}}
  /c: {post: {requestBody: {$ref: '#/components/requestBodies/A'}, responses: {}}}
  /d: {post: {requestBody: {$ref: '#/components/requestBodies/A'}, responses: {}}}
  /e: {post: {requestBody: {$ref: '#/components/requestBodies/A'}, responses: {}}}
components: {requestBodies: {A: {content: {application/json: {schema: {type: object}}}}}}
"""
FLAGS = ", ".join(f"flag-{number}: {{type: boolean}}" for number in range(50))
QUERY = "[{name: id, in: path, required: true, schema: {type: string}}, {name: a, in: query}, {name: b, in: query}]"
COMBINED = "combinations of tried choices (--thorough makes them)"
CAP = "invalid requests beyond the first 120 (--thorough makes them)"


def withheld_by_plan(contract: Contract, *, thorough: bool = False) -> dict[str, list[str]]:
    schedule = make_schedule(contract, all_known_names=False, seed=0, max_calls=None, thorough=thorough)
    told: defaultdict[str, list[str]] = defaultdict(list)
    for name, plan in schedule.all_plans:
        told[name] += map(str, plan.withheld)
    return {name: those for name, those in told.items() if those}


def with_properties(document: str, properties: str) -> str:
    return document.replace("{type: object}", f"{{type: object, properties: {{{properties}}}}}")


def test_no_cap_is_told_where_nothing_was_left_out(tmp_path: Path) -> None:
    assert withheld_by_plan(write_contract(tmp_path, SHARED)) == {}


def test_combinations_are_told_to_be_left_out_where_there_is_something_to_combine(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, with_properties(SHARED, "a: {type: boolean}, b: {type: boolean}"))
    with_bodies = contract.operations[1:]
    assert withheld_by_plan(contract) == {each.label: [f"the body: {COMBINED}"] for each in with_bodies}


def test_invalid_requests_are_told_to_be_left_out_where_more_would_have_been_made(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, with_properties(SHARED, FLAGS))
    assert withheld_by_plan(contract)["POST /b"] == [f"the body: {COMBINED}", f"the body: {CAP}"]
    assert withheld_by_plan(contract, thorough=True) == {}


def test_the_caps_of_parameters_and_of_bodies_are_told_apart(tmp_path: Path) -> None:
    document = SHARED.replace("[{name: id, in: path, required: true, schema: {type: string}}]", QUERY)
    told = withheld_by_plan(write_contract(tmp_path, with_properties(document, FLAGS)))
    assert told["GET /a/{id}"] == [f"the parameters: {COMBINED}"]
    assert told["PUT /a/{id}"] == [f"the body: {COMBINED}", f"the body: {CAP}", f"the parameters: {COMBINED}"]


def test_a_cap_that_no_option_lifts_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutations, "_LARGEST", 5)
    contract, pointer = contract_of({"A": {"enum": [*range(9)]}}), "/components/schemas/A"
    told: list[Choice] = []
    plan = make_plan(contract, pointer, all_known_names=False)
    broken = [*break_each_statement(contract, pointer, plan, told.append)]
    assert [*map(str, told)] == [
        f"the body: invalid requests beyond the first {len(broken)} (more would be too many, or too long together)"
    ]


def test_the_depth_of_parameters_is_counted_from_each_of_them() -> None:
    filters = {"type": "object", "properties": {f"field-{number}": {"type": "boolean"} for number in range(200)}}
    contract = large_document(5)
    parameters = {"type": "object", "required": ["query"], "properties": {"query": {"properties": {"filter": filters}}}}
    contract.spec.document["components"]["schemas"]["P"] = parameters
    reading = Reading(contract, all_known_names=False, limits=FREE, medium=ParameterMedium(contract.operations[0]))
    Alternatives(reading).of_body("/components/schemas/P")
    reading.leave_out()
    assert "the parameters: parts more than 1 level deep (--thorough looks deeper)" in map(str, reading.withheld)


def test_a_plan_makes_no_more_invalid_bodies_than_its_cap() -> None:
    contract = large_document(5)
    pointer = contract.operations[0].body or ""
    plan = make_plan(contract, pointer, all_known_names=False)
    assert len(list(break_each_statement(contract, pointer, plan))) == plan.effort.broken


def test_the_one_operation_of_a_document_keeps_nothing_back() -> None:
    plan = make_plan(contract_of({"A": {"enum": list(range(60))}}), "/components/schemas/A", all_known_names=False)
    assert plan.withheld == ()
    assert len(plan.bodies) == 60
