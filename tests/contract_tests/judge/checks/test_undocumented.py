"""Fields that the spec does not have: no server is held to anything about them, and what it does is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.exchange.exchange import Exchange
from contract_tests.judge.judge import judge
from tests.support.exchanges import CALL, answer, failures, post
from tests.support.results import HERE, result_of

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

CHECK = "undocumented_fields_accepted"
CONFIGURED: dict[str, Any] = CALL | {"agent_config": {"prompt": "Be brief."}}
BEYOND: dict[str, Any] = CALL | {"mood": 1, "agent_config": {"prompt": "Be brief.", "mood": 1}}
CONVERSATION: dict[str, Any] = {
    "uri": "/conversations/1",
    "type": "outbound_phone_call",
    "account_id": "a",
    "status": "queued",
    "id": "1",
    "phone_call": {"provider": "twilio", **CALL},
}


def accepted(body: dict[str, Any], echo: dict[str, Any], number: str = "1") -> Exchange:
    """A call whose conversation has a configuration."""
    return Exchange(post(body), answer(CONVERSATION | {"agent_config": echo, "id": number}))


def refused(body: dict[str, Any]) -> Exchange:
    return Exchange(post(body), answer({"detail": []}, 422))


def found(contract: Contract, *exchanges: Exchange) -> list[tuple[str, str]]:
    """The failures of exchanges: the check, and what is wrong."""
    return [(failure.check, failure.detail.partition("\n")[0]) for failure in failures(contract, *exchanges)]


def test_refused_fields_are_told_by_a_check_of_their_own(contract: Contract) -> None:
    exchanges = [accepted(CONFIGURED, {"prompt": "Be brief."}), refused(BEYOND)]
    assert found(contract, *exchanges) == [(CHECK, "Sent: mood")]


def test_a_refusal_that_may_have_another_reason_is_not_judged(contract: Contract) -> None:
    assert found(contract, refused(BEYOND)) == []
    assert CHECK not in judge(contract, [refused(BEYOND)])[0].made


def test_dropped_fields_are_told_by_a_check_of_their_own(contract: Contract) -> None:
    exchange = accepted(BEYOND, {"prompt": "Be brief."})
    assert found(contract, exchange) == [(CHECK, "agent_config.mood is absent, and the request set 1")]


def test_fields_that_come_back_are_as_they_should_be(contract: Contract) -> None:
    (judged,) = judge(contract, [accepted(BEYOND, {"prompt": "Be brief.", "mood": 1})])
    assert (CHECK in judged.passed, judged.failures) == (True, ())


def test_a_documented_field_that_does_not_come_back_breaks_its_rule_alone(contract: Contract) -> None:
    checks = {check for check, _ in found(contract, accepted(BEYOND, {"mood": 1}))}
    assert checks == {"configuration_used"}


def test_it_is_a_warning(contract: Contract) -> None:
    exchanges = [accepted(CONFIGURED, {"prompt": "Be brief."}), refused(BEYOND)]
    (finding,) = result_of(contract, *exchanges, target=HERE).findings
    assert (finding.standing, finding.is_warning) == ("advice", True)


@pytest.mark.parametrize("open_map", [{"metadata": {"mood": "fine"}}, {"webhooks": None}])
def test_a_field_of_an_open_map_is_documented(contract: Contract, open_map: dict[str, Any]) -> None:
    checks = {check for check, _ in found(contract, refused(CALL | {"agent_id": "a", "agent_config": open_map}))}
    assert checks == {"documented_request_accepted"}
