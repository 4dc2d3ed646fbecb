"""The documented rules: each takes what conforms, and finds what breaks it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.exchange.exchange import Exchange
from contract_tests.judge.check import checks_in
from contract_tests.judge.checks import rules
from contract_tests.judge.judge import judge
from contract_tests.judge.tallies import tally_facts
from tests.support.exchanges import answer, failures, post
from tests.support.json_texts import ODD_TEXTS

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.judge.judge import Failure

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


def broken(contract: Contract, name: str, request: dict[str, Any], response: dict[str, Any]) -> list[Failure]:
    """The failures by a rule, where request and response differ so from a pair that conforms."""
    exchange = Exchange(post(copy.deepcopy(REQUEST) | request), answer(copy.deepcopy(ANSWER) | response))
    return [failure for failure in failures(contract, exchange) if failure.check == name]


def with_ids(*ids: object) -> list[Exchange]:
    """Accepted calls whose conversations have these ids; of `...`, one without."""
    bodies = ({name: value for name, value in (ANSWER | {"id": each}).items() if value is not ...} for each in ids)
    return [Exchange(post(REQUEST), answer(body)) for body in bodies]


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_takes_what_conforms(contract: Contract, name: str) -> None:
    assert not broken(contract, name, {}, {})
    assert not broken(contract, name, {}, STARTED)


@pytest.mark.parametrize(
    ("name", "request_change", "answer_change"),
    [(name, *changes) for name, rows in BROKEN.items() for changes in rows],
)
def test_a_rule_finds_what_breaks_it(
    contract: Contract, name: str, request_change: dict[str, Any], answer_change: dict[str, Any]
) -> None:
    (failure,) = broken(contract, name, request_change, answer_change)
    assert failure.detail


def test_an_id_must_be_new(contract: Contract) -> None:
    first, *others = with_ids("a", "b", "a")
    found = [failure for failure in failures(contract, first, *others) if failure.check == "id_is_new"]
    assert [failure.earlier for failure in found] == [first]


def test_answers_without_an_id_repeat_none(contract: Contract) -> None:
    assert "id_is_new" not in {failure.check for failure in failures(contract, *with_ids(..., ..., None, None))}


def test_every_rule_is_tested() -> None:
    assert {check.name for check in checks_in(vars(rules))} == {*BROKEN, "id_is_new"}


def test_rules_are_about_accepted_requests_alone(contract: Contract) -> None:
    refused = Exchange(post(REQUEST), answer(ANSWER | {"phone_call": None}, 422))
    assert not {failure.check for failure in failures(contract, refused)} & {*BROKEN, "id_is_new"}


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: text[:20].decode())
def test_json_that_validators_cannot_take_is_judged_all_the_same(contract: Contract, text: bytes) -> None:
    body = b'{"uri":' + text + b"}"
    (judged,) = judge(contract, [Exchange(post(body), answer(body))])
    assert "response_is_json" in judged.passed
    tally_facts(contract, [judged])
