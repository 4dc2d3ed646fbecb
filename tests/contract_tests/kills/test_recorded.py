"""The catalogue as recordings: what they show of a broken server, and what no recording can."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract_tests.exchange.exchange import Exchange
from contract_tests.kills.__main__ import main
from contract_tests.kills.kill import Kill, catalogue
from contract_tests.kills.recorded import as_recorded, kill_recorded
from contract_tests.kills.report import describe_kills
from tests.support.exchanges import answer, post
from tests.support.tiers import share_out

KILL = Kill(fault="a fault", expected="a check", caught_by=("a check",), requests=3, calls=1, seconds=0.5)


@pytest.mark.parametrize("body", [b'{"a": "\xc3\xbc"}', b"\xff", b""])
def test_an_exchange_comes_back_from_a_recording(body: bytes) -> None:
    exchange = Exchange(post(body), answer(body))
    recorded = as_recorded(exchange)
    assert recorded
    assert (recorded.request.method, recorded.request.target) == (exchange.request.method, exchange.request.target)
    assert (recorded.request.body, recorded.response) == (body, exchange.response)


def test_silence_is_not_recorded() -> None:
    assert as_recorded(replace(Exchange(post()), trouble="broke off")) is None


@pytest.mark.slow
def test_a_fault_of_a_response_is_caught_in_a_recording() -> None:
    found = kill_recorded("the answer has no phone call", seed=1)
    assert (found.is_caught, found.why_not_shown) == (True, None)


NOT_SHOWN = {
    "a prefix of the token accepted": "no recording says which token was right",
    "the connection breaks within the body of 200": "no response is recorded",
    "405 names no method": "requests of undocumented methods are passed over",
    "another method gets 500": "requests of undocumented methods are passed over",
    "the scheme in lower case refused": "the refusal may be due to the recorded credentials, which the reader replaces",
}


@pytest.mark.parametrize("name", share_out(NOT_SHOWN, slow=2))
def test_the_reason_is_told_why_no_recording_shows_a_fault(name: str) -> None:
    found = kill_recorded(name, seed=1)
    assert (found.is_caught, found.why_not_shown) == (False, NOT_SHOWN[name])


def test_faults_that_no_recording_shows_are_listed_and_do_not_count() -> None:
    said = describe_kills(KILL, [KILL, KILL.model_copy(update={"caught_by": (), "why_not_shown": "nothing is there"})])
    assert "not to be seen in a recording  a fault: nothing is there" in said
    assert said.endswith("1 of 1 fault caught; median 3 requests, 1 call")


@pytest.mark.slow
def test_the_command_judges_recordings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--recorded", "--sample", "1", "--only", "the answer has no phone call", "--workers", "1"]) == 0
    assert "1 of 1 fault caught" in capsys.readouterr().out


@pytest.mark.parametrize("part", share_out(range(8), slow=1))
def test_faults_that_a_recording_can_show_are_caught_in_one(part: int) -> None:
    kills = [kill_recorded(name, 1) for name in [*catalogue()][part * 10 :: 80]]
    assert not [found.fault for found in kills if not found.is_caught and not found.why_not_shown]
