"""What an exchange tells by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.judge.judge import judge
from contract_tests.judge.seen import seen_by
from spec.reader import parse_spec


@pytest.mark.parametrize(("key", "is_documented"), [("404", True), ("4XX", True), ("default", True), ("400", False)])
def test_a_404_is_of_the_state_however_the_spec_documents_it(key: str, *, is_documented: bool) -> None:
    text = f"""\
openapi: 3.1.0
info: {{title: A, version: 1.0.0}}
paths: {{/a: {{get: {{responses: {{'200': {{description: Fine.}}, '{key}': {{description: Not.}}}}}}}}}}
"""
    contract = Contract(parse_spec(Path("a.yaml"), text))
    seen = seen_by(contract, Exchange(Request("GET", "/a"), Response(404)))
    assert seen
    assert seen.is_of_the_state is is_documented


BY_ID = """\
openapi: 3.1.0
info: {title: A, version: 1.0.0}
paths:
  /a/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: Fine.}}
"""


@pytest.mark.parametrize(
    ("status", "checks"),
    [
        (404, ["status_code_conformance"]),
        (410, ["status_code_conformance"]),
        (409, ["documented_request_accepted", "status_code_conformance"]),
    ],
)
def test_nothing_at_an_id_is_no_refusal_where_the_spec_does_not_document_it(status: int, checks: list[str]) -> None:
    contract = Contract(parse_spec(Path("a.yaml"), BY_ID))
    (judged,) = judge(contract, [Exchange(Request("GET", "/a/1"), Response(status))])
    assert [each.check for each in judged.failures] == checks


DEEP = """\
openapi: 3.1.0
info: {title: A, version: 1.0.0}
paths:
  /a:
    get:
      parameters: [{name: made, in: query, style: deepObject, schema: {properties: {after: {type: integer}}}}]
      responses: {'200': {description: Fine.}}
"""


@pytest.mark.parametrize(
    ("query", "validity"), [("", "valid"), ("?made[after]=1", "valid"), ("?made=", "unknown"), ("?made=1", "unknown")]
)
def test_an_object_whose_name_stands_alone_may_be_read_or_not(query: str, validity: str) -> None:
    seen = seen_by(Contract(parse_spec(Path("a.yaml"), DEEP)), Exchange(Request("GET", f"/a{query}"), Response(400)))
    assert seen
    assert seen.sent.validity == validity
