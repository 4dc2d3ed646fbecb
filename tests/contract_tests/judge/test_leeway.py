"""Values that are not of the form that a schema names, and integers beyond what doubles tell apart.

A server may take or refuse them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange import testimony
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.judge.judge import judge
from contract_tests.judge.witness import hear_witness
from contract_tests.plan.plan import make_plan
from tests.support.exchanges import JSON, write_contract

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract

PAGES = """\
openapi: 3.1.0
info: {title: Pages, version: 1.0.0}
paths:
  /pages:
    post:
      parameters:
        - {name: limit, in: query, schema: {type: integer, format: int32}}
        - {name: after, in: query, schema: {type: integer, format: int64}}
        - {name: any, in: query, schema: {type: integer}}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                size: {type: [integer, 'null'], format: int32}
                data: {$ref: '#/components/schemas/Data'}
                raw: {type: string, format: byte}
      responses:
        '200': {description: Found.}
        '422': {description: Refused.}
components: {schemas: {Data: {type: string, contentEncoding: base64}}}
"""
ACCEPTED, REFUSED = 200, 422


@pytest.fixture
def pages(tmp_path: Path) -> Contract:
    return write_contract(tmp_path, PAGES)


def exchange(query: str, body: bytes, status: int) -> Exchange:
    return Exchange(Request("POST", f"/pages?{query}", JSON, body), Response(status), id="1")


@pytest.mark.parametrize("status", [ACCEPTED, REFUSED])
@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("limit=2147483648", b"{}"),
        ("limit=-2147483649", b"{}"),
        ("after=9223372036854775808", b"{}"),
        ("", b'{"size": 2147483648}'),
        ("", b'{"data": "a"}'),
        ("", b'{"raw": "a\xc3\xa9=="}'),
    ],
)
def test_a_server_may_take_or_refuse_what_is_not_of_the_form(
    pages: Contract, query: str, body: bytes, status: int
) -> None:
    (judged,) = judge(pages, [exchange(query, body, status)])
    assert judged.failures == ()


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("limit=2147483647", b"{}"),
        ("any=2147483648", b'{"size": -2147483648}'),
        ("", b'{"data": "+/+/YQ==", "raw": ""}'),
    ],
)
def test_a_server_must_take_what_is_of_the_form(pages: Contract, query: str, body: bytes) -> None:
    (judged,) = judge(pages, [exchange(query, body, REFUSED)])
    assert [each.check for each in judged.failures] == ["documented_request_accepted"]


def test_nobody_promises_that_a_parameter_beyond_what_doubles_tell_apart_is_taken(pages: Contract) -> None:
    (judged,) = judge(pages, [exchange("any=9007199254740993", b"{}", REFUSED)])
    assert [(each.check, each.standing) for each in judged.failures] == [("documented_request_accepted", "advice")]


def test_what_schemathesis_says_of_it_is_passed_over(pages: Contract) -> None:
    judged = judge(pages, [exchange("limit=2147483648", b"{}", REFUSED)])
    (heard,) = hear_witness(judged, [testimony.Testimony("1", "positive_data_acceptance", "Refused", "")])
    assert heard.failures == ()


def test_a_refused_request_without_a_body_is_a_finding_of_the_operation(tmp_path: Path) -> None:
    things = (
        PAGES.replace("post:", "get:").partition("      requestBody")[0]
        + "      responses: {'200': {description: A}}\n"
    )
    contract = write_contract(tmp_path, things)
    refused = Exchange(Request("GET", "/pages?limit=1", Headers([])), Response(REFUSED), id="1")
    pointers = [each.pointer for each in judge(contract, [refused])[0].failures]
    assert pointers == ["/paths/~1pages/get", "/paths/~1pages/get/responses"]


def test_the_plan_sends_no_text_that_stands_for_no_bytes(pages: Contract) -> None:
    plan = make_plan(pages, pages.operations[0].body or "", all_known_names=False)
    texts = {text for each in plan.bodies for text in (each.body.get("data"), each.body.get("raw")) if text is not None}
    assert {"", "YQ==", "+/+/"} <= texts
    assert not any(pages.is_left_open(pages.operations[0].body or "", {"data": text}) for text in texts)
