"""The judging of a run while it is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.exchange import Exchange, Refusal
from contract_tests.run.judging import RunJudging
from contract_tests.run.order import Order
from tests.support.exchanges import call, post
from tests.support.schedules import our_schedule

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

REFUSED = Exchange(post(), id="refused", refusal=Refusal("budget", "no call is left"))


class Interrupted(Order):
    """An order where Ctrl-C comes as soon as it is asked, as often as it is told to."""

    def __init__(self, contract: Contract, times: int) -> None:
        super().__init__(contract, our_schedule(1))
        self.times = times

    def is_ours(self, exchange: Exchange) -> bool:
        if self.times:
            self.times -= 1
            raise KeyboardInterrupt
        return super().is_ours(exchange)


def test_each_exchange_is_judged_once_however_often_the_guard_tells_of_it(contract: Contract) -> None:
    judging, told = RunJudging(contract), (call(id="1"), REFUSED, call(id="2"))
    for number in (1, 3, 3):
        judging.judge(told[:number], Interrupted(contract, 0), waits=False)
    assert [each.exchange for each in judging.judged] == [told[0], told[2]]
    assert judging.tallies_of(judging.judged)


def test_ctrl_c_before_the_first_is_judged_loses_none(contract: Contract) -> None:
    judging, told, order = RunJudging(contract), (call(id="1"), call(id="2")), Interrupted(contract, 1)
    with pytest.raises(KeyboardInterrupt):
        judging.judge(told, order, waits=False)
    judging.judge(told, order, waits=False)
    assert [each.exchange for each in judging.judged] == [*told]


def test_exchanges_of_the_engine_wait_for_the_order_that_it_tells(contract: Contract) -> None:
    judging, told, order = RunJudging(contract), (call(id="1"),), Interrupted(contract, 0)
    judging.judge(told, order, waits=True)
    assert judging.judged == ()
    judging.judge(told, order, waits=False)
    assert len(judging.judged) == 1
