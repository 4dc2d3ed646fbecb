"""The judging of a run while it is under way: exchanges are judged as they come, and counted at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.judge.judge import Judging
from contract_tests.judge.tallies import EarlyTallies
from contract_tests.run.preflight import is_obstacle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.tallies import Tallies
    from contract_tests.run.order import Order


class RunJudging:
    """Judges the exchanges of a run, each once. Ctrl-C in between loses none."""

    def __init__(self, contract: Contract) -> None:
        self.further: list[Judged] = []
        """The exchanges that narrow failures, and those that create and delete things for them."""
        self._judging, self._tallies = Judging(contract), EarlyTallies(contract)
        self._waiting: list[Exchange] = []
        self._taken = 0
        """How many exchanges were taken from those that the guard told of."""
        self._judged: dict[int, Judged] = {}
        """By the identities of the exchanges' objects, which the guard keeps."""
        self._passed_over: set[int] = set()
        """The identities of those that there is nothing to judge of."""

    @property
    def judged(self) -> tuple[Judged, ...]:
        """The judged exchanges, in the order of one worker."""
        return tuple(self._judged.values())

    def judge(self, told: Sequence[Exchange], order: Order, *, waits: bool) -> None:
        """Judges those exchanges that are not judged yet, in the order of one worker. `told` has all, old ones first.

        The engine says only at its end in which order its requests would have come that several workers sent. If the
        run waits for that, only our own are judged.
        """
        # One statement, for Ctrl-C comes before it or after it.
        self._waiting, self._taken = [*self._left(), *told[self._taken :]], len(told)
        ready = [each for each in self._waiting if order.is_ours(each) or not waits]
        for exchange in sorted(ready, key=order.place):
            if exchange.refusal or (exchange.is_preflight and is_obstacle(exchange)):
                self._passed_over.add(id(exchange))
            else:
                self._judge_one(exchange)

    def _left(self) -> Iterator[Exchange]:
        done = (self._judged, self._passed_over)
        return (each for each in self._waiting if not any(id(each) in those for those in done))

    def _judge_one(self, exchange: Exchange) -> None:
        for judged in self._judging.judge([exchange]):
            self._judged[id(exchange)] = judged
            self._tallies.note(judged)

    def judge_further(self, exchanges: Iterable[Exchange]) -> list[Judged]:
        """Judges exchanges that came after all others."""
        judged = list(self._judging.judge(exchanges))
        self.further += judged
        return judged

    def tallies_of(self, judged: Iterable[Judged]) -> Tallies | None:
        """The counts, if just these exchanges were counted."""
        return self._tallies.of(judged)
