"""The documented rules, and what of JSON no server must take."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.exchange.exchange import Exchange, Record, Request, Response
from contract_tests.exchange.strict_json import BeyondReachError, parse_json
from contract_tests.judge import rules
from contract_tests.judge.checks import BODY_CHECKS, RESPONSE_CHECKS, judge
from contract_tests.judge.judgement import request_breaches, response_breaches
from contract_tests.judge.tallies import tally_facts

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

REQUEST: dict[str, Any] = {
    "from_number": "+12025550142",
    "to_number": "+12025550143",
    "agent_id": "agent_8c1f",
    "agent_config": {"prompt": "Be brief.", "voice": {"speed": 1}, "hooks": [{"events": []}], "webhooks": None},
}
ANSWER: dict[str, Any] = {
    "id": "1",
    "type": "outbound_phone_call",
    "status": "ended",
    "started_at": "2026-01-31T09:30:00Z",
    "ended_at": "2026-01-31T10:30:00+01:00",
    "ended_reason": "user_ended",
    "agent_id": "agent_8c1f",
    "agent_config": {
        "prompt": "Be brief.",
        "voice": {"speed": 1.0, "new": 1},
        "hooks": [{"events": [], "filter": None}],
        "webhooks": [],
    },
    "phone_call": {"from_number": "+12025550142", "to_number": "+12025550143"},
}
JSON = (("content-type", "application/json"),)
ODD_BODIES = [
    b"[" * 101 + b"]" * 101,
    b"[" * 5_000 + b"]" * 5_000,
    b"1e999",
    b"9" * 400,
    b"9" * 5_000,
    b'"\\ud800"',
    b'{"\\udfff": 1}',
    b'{"a":1,"a":1}',
]
STARTED = {"status": "started", "ended_at": None, "ended_reason": None}
# Each rule with changes to request and answer that break it.
BROKEN: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "ended_at_null_until_ended": [({}, {"status": "started"}), ({}, {"status": "queued"})],
    "agent_id_null_without_stored_agent": [({"agent_id": None}, {})],
    "agent_id_echoed": [({}, {"agent_id": "other"}), ({}, {"agent_id": None})],
    "phone_call_present": [({}, {"phone_call": None})],
    "phone_call_numbers_echoed": [
        ({}, {"phone_call": {"from_number": "+12025550142", "to_number": "+12025550199"}}),
        ({}, {"phone_call": {"to_number": "+12025550143"}}),
    ],
    "type_is_outbound_phone_call": [({}, {"type": "inbound_phone_call"}), ({}, {"type": "web_call"})],
    "ended_at_set_when_ended": [({}, {"ended_at": None})],
    "ended_at_not_before_started_at": [({}, {"ended_at": "2026-01-31T10:29:59+01:00"})],
    "ended_reason_only_when_ended": [({}, STARTED | {"ended_reason": "unknown"})],
    "configuration_used": [
        ({}, {"agent_config": None}),
        ({"agent_config": {"max_duration_seconds": 60}}, {}),
        ({"agent_config": {"hooks": []}}, {}),
        ({"agent_config": {"voice": {"speed": True}}}, {}),
        ({"agent_config": {"prompt": "Be long."}}, {}),
    ],
}


def complaint(name: str, request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    found: str | None = getattr(rules, name)(copy.deepcopy(REQUEST) | request, copy.deepcopy(ANSWER) | answer)
    return found


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_takes_what_conforms(name: str) -> None:
    assert complaint(name, {}, {}) is None
    assert complaint(name, {}, STARTED) is None


@pytest.mark.parametrize(
    ("name", "request_change", "answer_change"),
    [(name, *changes) for name, rows in BROKEN.items() for changes in rows],
)
def test_a_rule_finds_what_breaks_it(name: str, request_change: dict[str, Any], answer_change: dict[str, Any]) -> None:
    assert complaint(name, request_change, answer_change)


def test_an_id_must_be_new() -> None:
    known: set[str] = set()
    assert [rules.id_is_new(known, {}, {"id": name}) is None for name in "aba"] == [True, True, False]


def test_answers_without_an_id_repeat_none() -> None:
    known: set[str] = set()
    assert [rules.id_is_new(known, {}, answer) for answer in ({}, {}, {"id": None}, {"id": None})] == [None] * 4


def test_every_rule_is_tested() -> None:
    assert set(rules.STANDINGS) == {*BROKEN, "id_is_new"}


@pytest.mark.parametrize("body", [*ODD_BODIES, b"[" * 100_000], ids=lambda body: body[:20].decode())
def test_json_that_no_server_must_take_is_told_apart(body: bytes) -> None:
    with pytest.raises(BeyondReachError):
        parse_json(body)


@pytest.mark.parametrize("body", [b"", b"{", b"[1,]", b"NaN", b"-Infinity", b'"\xff"', b"\xef\xbb\xbf{}", b"01"])
def test_what_is_no_json_is_told_apart(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        parse_json(body)
    assert not isinstance(error.value, BeyondReachError)


@pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: body[:20].decode())
def test_json_that_validators_cannot_take_is_judged_all_the_same(contract: Contract, body: bytes) -> None:
    answer = b'{"uri":' + body + b"}"
    request, response = Request("POST", "http://x/y", (), answer), Response(200, JSON, answer)
    (operation,) = contract.operations
    exchange = Exchange(operation.label, "positive", "", request, response)
    judged = judge(contract, exchange, (RESPONSE_CHECKS | BODY_CHECKS).items())
    assert "response_is_json" in judged.passed
    request_breaches(contract, operation, judged)
    response_breaches(contract, operation, judged)
    tally_facts(contract, Record((judged,)), is_lenient=False)
