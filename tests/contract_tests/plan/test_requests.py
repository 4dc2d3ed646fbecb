"""Valid requests, by their bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.plan.operation_plan import plan_operation
from contract_tests.plan.requests import with_body
from spec.reader import parse_spec

if TYPE_CHECKING:
    from contract_tests.exchange.exchange import Request

ANOTHER = """\
openapi: 3.1.0
info: {title: A, version: 1.0.0}
paths:
  /shops/{shop}/orders/{id}.json:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 7}}
        - {name: shop, in: path, required: true, schema: {enum: [a b ü?]}}
        - {name: only open, in: query, required: true, schema: {type: boolean}}
        - {name: tags, in: query, required: true, schema: {type: array, items: {enum: [new, 'a&b']}}}
        - {name: filter, in: query, required: true, content: {application/json: {schema: {type: object}}}}
        - {name: left, in: query, schema: {type: string}}
        - {name: X-Kind, in: header, required: true, schema: {enum: [good, bad]}}
        - {name: session, in: cookie, required: true, schema: {type: string, minLength: 3}}
        - {name: theme, in: cookie, required: true, schema: {}}
"""


@pytest.fixture(scope="module")
def request_made() -> Request:
    contract = Contract(parse_spec(Path("spec.yaml"), ANOTHER))
    plan, *_ = plan_operation(contract, contract.operations[0], all_known_names=False)
    made = plan.plainest
    assert made
    return made


def test_required_parameters_of_path_and_query_are_filled_in_and_encoded(request_made: Request) -> None:
    path, query = "/shops/a%20b%20%C3%BC%3F/orders/7.json", "only%20open=true&tags=new&filter=%7B%7D"
    assert request_made.target == f"{path}?{query}"


def test_required_parameters_of_header_and_cookie_are_fields(request_made: Request) -> None:
    assert request_made.headers == (
        ("X-Kind", "good"),
        ("Cookie", "session=aaa; theme=unlisted-name"),
    )


def test_it_stands_below_any_base_url(request_made: Request) -> None:
    assert request_made.base_url == ""


def test_a_body_comes_with_its_media_type(request_made: Request) -> None:
    made = with_body(with_body(request_made, b"{}"), b"a=b", "text/plain")
    assert (made.body, made.headers.all("Content-Type")) == (b"a=b", ["text/plain"])
