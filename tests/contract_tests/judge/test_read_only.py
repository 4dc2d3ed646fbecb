"""Requests with a `readOnly` field: a server may ignore it or refuse it, so neither is held against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange import testimony
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.judge.judge import judge
from contract_tests.judge.witness import hear_witness
from tests.support.exchanges import write_contract
from tests.support.minimal import MINIMAL

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract

IDENTIFIER = "        id: {type: string, format: uuid, readOnly: true}\n"
IGNORED, REFUSED = 204, 422


@pytest.fixture
def things(tmp_path: Path) -> Contract:
    documented = MINIMAL.replace(
        "204': {description: Made.}", "204': {description: Made.}\n        '422': {description: No.}"
    )
    return write_contract(tmp_path, documented.replace("        colour:\n", f"{IDENTIFIER}        colour:\n"))


def exchange(body: bytes, status: int) -> Exchange:
    headers = Headers([("Content-Type", "application/json")])
    return Exchange(Request("POST", "/things", headers, body), Response(status), id="1")


@pytest.mark.parametrize("status", [IGNORED, REFUSED])
@pytest.mark.parametrize("identifier", [b"0", b'"01234567-89ab-4cde-8f01-23456789abcd"'], ids=["wrong", "right"])
def test_a_server_may_ignore_or_refuse_it(things: Contract, identifier: bytes, status: int) -> None:
    (judged,) = judge(things, [exchange(b'{"id": %b, "colour": "red"}' % identifier, status)])
    assert judged.failures == ()


def test_what_else_is_wrong_is_still_found(things: Contract) -> None:
    (judged,) = judge(things, [exchange(b'{"id": 0, "colour": "blue"}', IGNORED)])
    (failure,) = judged.failures
    assert (failure.check, failure.locations) == ("invalid_request_refused", ("/colour",))


@pytest.mark.parametrize("check", ["negative_data_rejection", "positive_data_acceptance"])
def test_what_schemathesis_says_of_it_is_passed_over(things: Contract, check: str) -> None:
    judged = judge(things, [exchange(b'{"id": 0}', IGNORED)])
    (heard,) = hear_witness(judged, [testimony.Testimony("1", check, "Accepted", "")])
    assert heard.failures == ()
