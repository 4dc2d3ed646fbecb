"""The schedule of a run, and what `--max-calls` leaves of it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.plan.schedule import Schedule, make_schedule
from spec.reader import parse_spec

LABEL = "POST /conversations/create_phone_call"
ANOTHER = """\
openapi: 3.1.0
info: {title: A, version: 1.0.0}
paths:
  /a:
    get: {}
    post: {requestBody: {$ref: '#/components/requestBodies/A'}}
  /b:
    post: {requestBody: {$ref: '#/components/requestBodies/A'}}
components:
  requestBodies:
    A: {content: {application/json: {schema: {type: object, properties: {kind: {enum: [x, y, z]}}}}}}
"""

schedule = partial(make_schedule, all_known_names=False, seed=1, max_calls=None)


@pytest.fixture(scope="module")
def whole(contract: Contract) -> Schedule:
    return schedule(contract)


@pytest.fixture(scope="module")
def another() -> Contract:
    return Contract(parse_spec(Path("spec.yaml"), ANOTHER))


def test_planned_requests_come_first_and_in_order(whole: Schedule) -> None:
    bodies = whole.plans[LABEL].bodies
    assert [request.draft for request in whole.valid] == list(bodies)
    assert [json.loads(request.request.body) for request in whole.valid] == [planned.body for planned in bodies]
    assert whole.requests == (*whole.valid, *whole.invalid)


def test_it_says_what_each_request_is_for(whole: Schedule) -> None:
    total = len(whole.valid)
    purposes = [request.purpose for request in whole.valid]
    assert purposes == [f"planned request {number} of {total}" for number in range(1, total + 1)]
    assert {"a truncated body", "from_number: null", "GET, which the path does not have"} <= {
        request.purpose for request in whole.invalid
    }


def test_ids_are_unique_and_tell_valid_from_invalid(whole: Schedule) -> None:
    assert [request.id for request in whole.valid[:2]] == ["valid-1", "valid-2"]
    assert [request.id for request in whole.invalid[:2]] == ["invalid-1", "invalid-2"]
    assert len({request.id for request in whole.requests}) == len(whole.requests)


def test_a_valid_request_is_sent_as_json_with_the_token(contract: Contract, whole: Schedule) -> None:
    first = whole.valid[0]
    assert first.operation == contract.operation(LABEL)
    assert (first.request.method, first.request.target) == ("POST", "/conversations/create_phone_call")
    assert first.request.headers == (("Authorization", "Bearer {token}"), ("Content-Type", "application/json"))
    assert first.request.body.isascii()


def test_the_same_arguments_make_the_same_schedule(contract: Contract, whole: Schedule) -> None:
    assert schedule(contract) == whole


def test_a_limit_cuts_the_plan_and_names_what_it_leaves_out(contract: Contract, whole: Schedule) -> None:
    plan, cut = whole.plans[LABEL], schedule(contract, max_calls=5).plans[LABEL]
    assert [body.body for body in cut.bodies] == [body.body for body in plan.bodies[:4]]
    tried = {choice for body in plan.bodies for choice in body.tries}
    assert set(cut.untried) == tried - {choice for body in cut.bodies for choice in body.tries}


@pytest.mark.parametrize(("max_calls", "planned"), [(1, 1), (2, 1), (3, 2), (10, 9), (11, 9)])
def test_a_part_of_the_calls_is_left_for_what_comes_after_the_plan(
    contract: Contract, max_calls: int, planned: int
) -> None:
    assert len(schedule(contract, max_calls=max_calls).valid) == planned


def test_a_limit_keeps_the_most_telling_choices(contract: Contract) -> None:
    cut = schedule(contract, max_calls=12).plans[LABEL]
    tried = [choice.standing for body in cut.bodies for choice in body.tries]
    left_out = [choice.standing for choice in cut.untried]
    assert tried.count("documented") / len(tried) > left_out.count("documented") / len(left_out)


def test_operations_share_the_calls_before_any_is_cut(another: Contract) -> None:
    whole = [request.operation.label for request in schedule(another).valid]
    assert whole == sorted(whole)
    assert set(whole) == {"POST /a", "POST /b"}
    cut = schedule(another, max_calls=5)
    assert [request.operation.label for request in cut.valid] == ["POST /a", "POST /a", "POST /b", "POST /b"]
    assert all(plan.untried for plan in cut.plans.values())


def test_an_operation_that_gets_no_call_is_cut_whole(another: Contract) -> None:
    made = schedule(another, max_calls=1)
    assert [request.operation.label for request in made.valid] == ["POST /a"]
    assert made.plans["POST /b"].bodies == ()
    assert made.plans["POST /b"].untried


def test_numbers_run_over_all_operations(another: Contract) -> None:
    made = schedule(another)
    assert [request.id for request in made.valid] == [f"valid-{number}" for number in range(1, len(made.valid) + 1)]


def test_other_methods_are_tried_once_a_path(another: Contract) -> None:
    tried = [each.request for each in schedule(another).invalid if each.request.method != "POST"]
    assert [(request.method, request.target) for request in tried] == [
        *(("PUT", "/a"), ("DELETE", "/a"), ("OPTIONS", "/a"), ("PATCH", "/a")),
        *(("GET", "/b"), ("PUT", "/b"), ("DELETE", "/b"), ("OPTIONS", "/b"), ("PATCH", "/b")),
    ]
