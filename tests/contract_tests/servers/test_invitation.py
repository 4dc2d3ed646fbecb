"""The words with which the mock begins, and the curl line among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers
from contract_tests.servers.invitation import Address, Token, invite, name_operations
from contract_tests.servers.plain_request import make_plain_request
from tests.conftest import ROOT

HERE = Address("http://127.0.0.1:1")
IN_BASE64 = r"""$(printf %s "$VOICEOS_TOKEN" | base64 | tr -d '\n')"""
SHOWN, OWN = Token("mock-token"), Token.of_variable("VOICEOS_TOKEN")


@pytest.mark.parametrize(
    ("token", "template", "quoted"),
    [
        (SHOWN, "Authorization: Bearer {token}", '"Authorization: Bearer mock-token"'),
        (OWN, "Authorization: Bearer {token}", '"Authorization: Bearer $VOICEOS_TOKEN"'),
        (SHOWN, "Authorization: Basic {token}", '"Authorization: Basic bW9jay10b2tlbg=="'),
        (OWN, "Authorization: Basic {token}", f'"Authorization: Basic {IN_BASE64}"'),
        (OWN, 'http://here/a?b=$c"&key={token}', r'"http://here/a?b=\$c\"&key=$VOICEOS_TOKEN"'),
        (OWN, "X-Other: $a", "'X-Other: $a'"),
    ],
)
def test_a_text_is_quoted_for_a_shell(token: Token, template: str, quoted: str) -> None:
    assert token.quoted(template) == quoted


def test_the_curl_line_has_the_method_the_fields_and_the_body() -> None:
    request = Request("PUT", "/a", Headers([("X-Key", "{token}")]), b'{"a": 1}')
    expected = """curl -X PUT http://127.0.0.1:1/a -H "X-Key: mock-token" -d '{"a": 1}'"""
    assert invite(HERE, SHOWN, request).splitlines()[2].strip() == expected


def test_the_curl_line_trusts_the_authority() -> None:
    address = Address("https://127.0.0.1:1", Path("/a b/c.pem"))
    said = invite(address, SHOWN, Request("GET", "/", Headers()))
    assert "clients must trust /a b/c.pem" in said
    assert "curl --cacert '/a b/c.pem' https://127.0.0.1:1/" in said


def test_a_document_without_a_request_gets_no_curl_line() -> None:
    assert "curl" not in invite(HERE, SHOWN, None)


def test_the_request_to_try_is_valid() -> None:
    request = make_plain_request(read_contract(ROOT / "tests" / "data" / "shop.yaml"))
    assert request
    assert (request.method, request.path, request.query) == ("PUT", "/orders/a", "copies=9")
    assert (request.headers.first("X-Key"), request.body) == ("{token}", b'{"size": 1}')


def test_an_operation_to_which_no_request_can_be_made_is_passed_over(tmp_path: Path) -> None:
    nothing = (
        "{parameters: [{name: a, in: query, required: true, schema: false}], responses: {'200': {description: A}}}"
    )
    file = tmp_path / "openapi.yaml"
    file.write_text(f"openapi: 3.1.0\ninfo: {{title: A, version: '1'}}\npaths: {{/a: {{get: {nothing}}}}}\n")
    assert make_plain_request(read_contract(file)) is None


def test_of_many_operations_the_first_ones_are_listed() -> None:
    lines = name_operations([f"GET /{number}" for number in range(30)]).splitlines()
    assert (lines[2], lines[-1], len(lines)) == ("  GET /0", "  and 10 more", 23)
