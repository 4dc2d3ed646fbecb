"""Values that only an account has: whoever refuses an unknown one breaks nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.exchange import testimony as told
from contract_tests.exchange.exchange import Exchange
from contract_tests.judge.judge import judge
from contract_tests.judge.references import excuse_unknown_references
from contract_tests.judge.witness import hear_witness
from tests.support.exchanges import CALL, answer, conforming, post, sent

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.judge.judge import Judged

PLACES = ("/agent_id", "/agent_config/webhooks/*/filter")
WITH_AGENT = CALL | {"agent_id": "agent_1"}


def refused(body: dict[str, Any], status: int = 404) -> Exchange:
    return Exchange(post(body), answer({"detail": []}, status), "refused")


def excused(contract: Contract, *exchanges: Exchange) -> Judged:
    """The first of the exchanges, judged."""
    return excuse_unknown_references(judge(contract, exchanges), PLACES)[0]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_a_refusal_of_an_unknown_value_fails_no_check(contract: Contract, status: int) -> None:
    found = excused(contract, refused(WITH_AGENT, status))
    assert {failure.check for failure in found.failures} <= {"response_schema_conformance"}
    assert (found.unknown, "documented_request_accepted" in found.made) == (("/agent_id",), False)


@pytest.mark.parametrize("status", [401, 405, 500])
def test_other_refusals_are_judged(contract: Contract, status: int) -> None:
    found = excused(contract, refused(WITH_AGENT, status))
    assert found.failures
    assert found.unknown == ()


def test_a_value_that_was_accepted_later_is_known(contract: Contract) -> None:
    found = excused(contract, refused(WITH_AGENT), *sent(conforming(), post(WITH_AGENT)))
    assert "documented_request_accepted" in {failure.check for failure in found.failures}


def test_another_value_of_the_same_place_is_not(contract: Contract) -> None:
    found = excused(contract, refused(WITH_AGENT), *sent(conforming(), post(CALL | {"agent_id": "agent_2"})))
    assert found.failures == ()


@pytest.mark.parametrize("body", [CALL, CALL | {"agent_id": None}])
def test_a_request_without_such_a_value_is_judged(contract: Contract, body: dict[str, Any]) -> None:
    assert excused(contract, refused(body)).failures


def test_a_place_may_be_in_any_item(contract: Contract) -> None:
    webhooks: list[dict[str, Any]] = [
        {"events": [], "url": "a", "method": "GET", "filter": text} for text in (None, "f")
    ]
    body = CALL | {"agent_config": {"webhooks": webhooks}}
    assert excused(contract, refused(body)).unknown == ("/agent_config/webhooks/*/filter",)


def test_no_other_witness_speaks_of_it(contract: Contract) -> None:
    testimony = [told.Testimony("refused", "positive_data_acceptance", "A valid request is refused", "")]
    assert hear_witness([excused(contract, refused(WITH_AGENT))], testimony)[0].failures == ()
