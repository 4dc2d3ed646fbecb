"""Facts that judgings of equal requests share."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.exchange import Exchange
from contract_tests.judge.judge import Judging
from contract_tests.judge.request_facts import new_facts, of_request
from contract_tests.judge.seen import Seen, see
from tests.support.exchanges import CALL, call, post

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

FACTS = [name for name, value in vars(Seen).items() if isinstance(value, of_request)]


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_of_a_request_takes_no_response(contract: Contract, name: str) -> None:
    seen = see(contract, Exchange(post()))

    assert seen is not None
    getattr(seen, name)
    assert name in seen.facts


def test_judgings_that_share_facts_judge_like_others(contract: Contract) -> None:
    conforming, wrong, invalid = call(), call(status="unheard of"), call({**CALL, "to_number": 1})
    facts_of = lru_cache(new_facts)

    for exchange in (conforming, wrong, conforming, invalid, wrong):
        shared, alone = (list(Judging(contract, facts_of=each).judge([exchange])) for each in (facts_of, new_facts))
        assert [(each.passed, each.failures) for each in shared] == [(each.passed, each.failures) for each in alone]


def test_a_fact_is_found_out_once_for_all_judgings_of_equal_requests(contract: Contract) -> None:
    facts_of = lru_cache(new_facts)

    (first,) = Judging(contract, facts_of=facts_of).judge([call()])
    (second,) = Judging(contract, facts_of=facts_of).judge([call()])

    assert second.seen.documented_body is first.seen.documented_body
