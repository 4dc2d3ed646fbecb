"""Requests with one thing wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.exchange.credentials import RIGHT
from contract_tests.exchange.strict_json import BeyondReachError, parse_json
from contract_tests.judge.seen_request import see_request
from contract_tests.plan.invalid import InvalidRequest, make_invalid, make_other_methods
from contract_tests.plan.operation_plan import plan_operation
from contract_tests.plan.schedule import make_schedule
from spec.reader import parse_spec
from tests.support.zoo_runs import NAMES, contract_of

if TYPE_CHECKING:
    from contract_tests.exchange.exchange import Request

REQUEST = "/components/schemas/CreateCall"
ANOTHER = """\
openapi: 3.1.0
info: {title: A, version: 1.0.0}
paths:
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer, minimum: 7}}
      - {name: page, in: query, required: true, schema: {type: integer, minimum: 3}}
      - {name: size, in: query, schema: {type: integer}}
      - {name: X-Shop, in: header, required: true, schema: {type: string}}
    get: {}
    put:
      requestBody: {content: {application/json: {schema: {type: object, properties: {note: {type: string}}}}}}
"""


def make(contract: Contract, label: str) -> list[InvalidRequest]:
    plan, *_ = plan_operation(contract, contract.operation(label), all_known_names=False)
    return list(make_invalid(contract, plan))


def by_name(invalid: list[InvalidRequest]) -> dict[str, Request]:
    """The requests by what is wrong with them; of those with one name, the last."""
    return {each.wrong: each.request for each in invalid}


@pytest.fixture(scope="module")
def invalid(contract: Contract) -> list[InvalidRequest]:
    operation, *_ = contract.operations
    return make(contract, operation.label)


@pytest.fixture(scope="module")
def named(invalid: list[InvalidRequest]) -> dict[str, Request]:
    return by_name(invalid)


@pytest.fixture(scope="module")
def another() -> Contract:
    return Contract(parse_spec(Path("spec.yaml"), ANOTHER))


def is_valid_body(contract: Contract, body: bytes) -> bool:
    try:
        return contract.validator(REQUEST).is_valid(parse_json(body))
    except ValueError:
        return False


def test_there_are_not_many(invalid: list[InvalidRequest]) -> None:
    assert len(invalid) < 650


def test_no_two_are_the_same(invalid: list[InvalidRequest]) -> None:
    requests = [each.request for each in invalid]
    assert [request for index, request in enumerate(requests) if request in requests[:index]] == []


def test_wrong_credentials_are_never_the_token_alone(invalid: list[InvalidRequest]) -> None:
    credentials = {tuple(each.request.headers.all("Authorization")) for each in invalid} - {(RIGHT,)}
    one = {"", "Bearer", "Bearer {token:prefix}", "Bearer {token}x", "Basic {token}", "{token}"}
    assert {(value,) for value in one} | {(), (RIGHT, "Bearer wrong"), ("Bearer wrong", RIGHT)} <= credentials


def test_one_thing_is_wrong_the_credentials_the_media_type_or_the_body(
    contract: Contract, invalid: list[InvalidRequest]
) -> None:
    for each in invalid:
        is_right = each.request.headers.all("Authorization") == [RIGHT]
        is_json = each.request.headers.all("Content-Type") == ["application/json"]
        is_valid = is_valid_body(contract, each.request.body)
        expected = 1 if each.wrong != "neither a body nor its media type" else 2
        assert [is_right, is_json, is_valid].count(False) == expected, each.wrong


@pytest.mark.parametrize(
    "wrong",
    [
        "the body: null",
        "the body: a list for object",
        "the body: an array around it",
        "the body: a text that holds it as JSON",
        "from_number: true for string",
        "agent_config.initial_message: true for string",
    ],
)
def test_lax_readers_are_tried_with_other_types(named: dict[str, Request], wrong: str) -> None:
    assert wrong in named


def test_true_stands_where_a_text_belongs(named: dict[str, Request]) -> None:
    assert json.loads(named["to_number: true for string"].body)["to_number"] is True


def test_the_body_is_left_out_with_its_media_type_and_without(named: dict[str, Request]) -> None:
    assert named["an empty body"].body == named["neither a body nor its media type"].body == b""
    assert named["an empty body"].headers.media_type == "application/json"
    assert named["neither a body nor its media type"].headers.media_type is None


@pytest.mark.parametrize("depth", [200, 1000])
@pytest.mark.parametrize("kind", ["arrays", "objects"])
def test_bodies_are_nested_deeper_than_readers_must_follow(named: dict[str, Request], kind: str, depth: int) -> None:
    with pytest.raises(BeyondReachError, match="levels deep"):
        parse_json(named[f"{kind} {depth} deep"].body)


def test_a_body_that_may_be_left_out_is_not_left_out(another: Contract) -> None:
    assert (
        not {"an empty body", "neither a body nor its media type"} & by_name(make(another, "PUT /orders/{id}")).keys()
    )


def test_each_required_parameter_is_left_out_but_those_of_the_path(another: Contract) -> None:
    found = by_name(make(another, "PUT /orders/{id}"))
    page, shop = "the parameters: query: without page", "the parameters: header: without X-Shop"
    assert {wrong for wrong in found if wrong.startswith("the parameters:") and ": without" in wrong} == {page, shop}
    assert "page" not in found[page].target
    assert found[shop].headers.first("X-Shop") is None
    assert all(request.headers.first("X-Shop") for wrong, request in found.items() if wrong != shop)


def other_methods(contract: Contract, label: str) -> list[InvalidRequest]:
    plan, *_ = plan_operation(contract, contract.operation(label), all_known_names=False)
    return list(make_other_methods(contract, plan))


@pytest.mark.slow
def test_methods_are_tried_that_the_path_does_not_have(contract: Contract, another: Contract) -> None:
    operation, *_ = contract.operations
    methods = [invalid.request.method for invalid in other_methods(contract, operation.label)]
    assert methods == ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"]
    methods = [invalid.request.method for invalid in other_methods(another, "GET /orders/{id}")]
    assert methods == ["POST", "DELETE", "OPTIONS", "PATCH"]


def test_all_but_the_method_of_another_method_is_right(another: Contract) -> None:
    for invalid in other_methods(another, "GET /orders/{id}"):
        request = invalid.request
        assert request.target == "/orders/7?page=3"
        assert request.headers == (("X-Shop", "a"),)
        assert request.body == b""


@pytest.mark.parametrize("name", [each for each in NAMES if contract_of(each).operations[0].schemes])
def test_credentials_that_another_alternative_takes_are_not_wrong(name: str) -> None:
    contract = contract_of(name)
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=None)
    seen = [see_request(contract, each.request) for each in schedule.invalid if "scheme" in each.purpose]
    assert not any(each and each.has_the_token for each in seen)
