"""Requests that a response leads to."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.plan.following import MAX_FOLLOWED, READS, Follower
from contract_tests.plan.parameters import plan_parameters
from contract_tests.plan.schedule import PlannedRequest
from tests.support.exchanges import call, read, write_contract
from tests.support.zoo_runs import contract_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.plan.plan import Plan


def follow(contract: Contract, follower: Follower, exchange: Exchange) -> list[PlannedRequest]:
    planned = PlannedRequest("valid-1", "planned request 1 of 9", contract.operations[0], exchange.request)
    return follower.after(planned, exchange)


def test_what_was_begun_is_read_twice_and_once_more_at_the_end(contract: Contract) -> None:
    follower = Follower(contract)
    found = follow(contract, follower, call(id="a b/c"))
    assert [each.request.target for each in found] == ["/conversations/a%20b%2Fc"] * READS
    assert [each.request.method for each in found] == ["GET"] * READS
    assert [each.purpose for each in found] == [
        "GET /conversations/{id} with what planned request 1 of 9 was answered",
        "GET /conversations/{id} with what planned request 1 of 9 was answered, once more",
    ]
    (again,) = [*follower.at_the_end()]
    assert again.request == found[0].request
    assert len({each.id for each in (*found, again)}) == READS + 1


def test_a_link_is_not_followed_for_ever(contract: Contract) -> None:
    follower = Follower(contract)
    found = [each for number in range(99) for each in follow(contract, follower, call(id=str(number)))]
    assert (len(found), len([*follower.at_the_end()])) == (MAX_FOLLOWED * READS, MAX_FOLLOWED)


@pytest.mark.parametrize("identifier", [None, "", "..", [], {}, True])
def test_what_is_no_text_for_a_path_is_not_followed(contract: Contract, identifier: object) -> None:
    assert follow(contract, Follower(contract), call(id=identifier)) == []


def test_a_number_is(contract: Contract) -> None:
    found = follow(contract, Follower(contract), call(id=5))
    assert {each.request.target for each in found} == {"/conversations/5"}


def test_refused_requests_and_unlinked_operations_lead_nowhere(contract: Contract) -> None:
    begun = call()
    assert begun.response
    assert follow(contract, Follower(contract), replace(begun, response=replace(begun.response, status=422))) == []
    assert follow(contract, Follower(contract), read()) == []


THINGS = contract_of("things")


def created(identifier: str) -> Exchange:
    body = json.dumps({"id": identifier, "name": "a"}).encode()
    return Exchange(Request("POST", "/things"), Response(201, body=body))


def after(follower: Follower, exchange: Exchange) -> list[str]:
    """The requests that an exchange leads to, by method and target."""
    operation = THINGS.paths.find(exchange.request.method, exchange.request.path) or THINGS.operations[0]
    planned = PlannedRequest("valid-1", "a request", operation, exchange.request)
    return [f"{each.request.method} {each.request.target}" for each in follower.after(planned, exchange)]


def done(method: str, path: str) -> Exchange:
    return Exchange(Request(method, path), Response(204))


def test_what_was_created_is_read_and_listed() -> None:
    (*reads, unknown, listing) = after(Follower(THINGS), created("new"))
    assert (reads, listing) == (["GET /things/new"] * READS, "GET /things")
    assert unknown.startswith("GET /things/")
    assert "new" not in unknown


def test_what_was_updated_is_read() -> None:
    assert after(Follower(THINGS), done("PATCH", "/things/new")) == ["GET /things/new"]


def test_what_was_deleted_is_read_and_deleted_once_more() -> None:
    follower = Follower(THINGS)
    after(follower, created("new"))
    expected = ["GET /things/new", "DELETE /things/new", "GET /things/new"]
    assert after(follower, done("DELETE", "/things/new")) == expected


@pytest.mark.parametrize(("method", "path"), [("PATCH", "/things/second"), ("DELETE", "/things/first")])
def test_requests_that_change_things_name_those_that_were_created(method: str, path: str) -> None:
    follower = Follower(THINGS)
    for name in ("first", "second"):
        after(follower, created(name))
    prepared = follower.prepare(Request(method, "/things/planned", body=b"{}"))
    assert prepared == Request(method, path, body=b"{}")


def test_a_path_that_is_wrong_stays_so() -> None:
    follower = Follower(THINGS)
    after(follower, created("first"))
    wrong = Request("PATCH", "/things/x")
    assert follower.prepare(wrong) == wrong


def test_where_nothing_was_created_nothing_is_deleted() -> None:
    follower = Follower(THINGS)
    assert follower.prepare(Request("DELETE", "/things/planned")) is None


def test_where_nothing_is_left_what_was_deleted_is_deleted_once_more() -> None:
    follower = Follower(THINGS)
    after(follower, created("first"))
    after(follower, done("DELETE", "/things/first"))
    assert follower.prepare(Request("DELETE", "/things/planned")) == Request("DELETE", "/things/first")


def test_what_is_left_is_deleted_at_the_end() -> None:
    follower = Follower(THINGS)
    for name in ("first", "second", "third"):
        after(follower, created(name))
    after(follower, done("DELETE", "/things/second"))
    left = [each.request.path for each in follower.at_the_end() if each.request.method == "DELETE"]
    assert left == ["/things/third", "/things/first"]


def test_parameters_are_planned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    planned: list[str] = []

    def plan(contract: Contract, operation: Operation, **given: bool) -> Plan:
        planned.append(operation.label)
        return plan_parameters(contract, operation, all_known_names=given["all_known_names"])

    monkeypatch.setattr("contract_tests.plan.following.plan_parameters", plan)
    follower = Follower(THINGS)
    for number in range(5):
        after(follower, created(f"thing {number}"))
    assert sorted(planned) == ["GET /things", "GET /things/{thing_id}"]


NAMED = """\
openapi: 3.1.0
info: {title: Shelves, version: 1.0.0}
paths:
  /shelves:
    post:
      responses:
        '201': {description: A, content: {application/json: {schema: {properties: {slug: {type: string}}}}}}
  /shelves/{slug}:
    parameters: [{name: slug, in: path, required: true, schema: {enum: [a, b]}}]
    get: {responses: {'200': {description: A}}}
    delete: {responses: {'204': {description: A}}}
"""


@pytest.mark.parametrize(("name", "unknown"), [("a", "/shelves/b"), ("b", "/shelves/a")])
def test_an_unknown_thing_is_none_whose_name_was_chosen_for_a_created_one(
    tmp_path: Path, name: str, unknown: str
) -> None:
    contract = write_contract(tmp_path, NAMED)
    response = Response(201, Headers([("Content-Type", "application/json")]), json.dumps({"slug": name}).encode())
    found = follow(contract, Follower(contract), Exchange(Request("POST", "/shelves"), response))
    assert [each.request.path for each in found if "unknown" in each.purpose] == [unknown]
