"""The judging of a record of any length, one exchange at a time, in memory that hardly grows with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contract_tests.judge.judge import Judging
from contract_tests.judge.kinds import Kinds
from contract_tests.judge.memory import BriefMemory
from contract_tests.judge.quick import Quick
from contract_tests.judge.references import References
from contract_tests.judge.sketch import sketch_of
from contract_tests.judge.tallies import Tallies

if TYPE_CHECKING:
    from collections.abc import Collection

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.sketch import Sketch


class Stream:
    """Judges exchanges in their order, and keeps some of each kind that breaks something."""

    def __init__(self, contract: Contract, references: Collection[str] = ()) -> None:
        self.tallies = Tallies(contract)
        self._contract = contract
        self._judging = Judging(contract, BriefMemory)
        self._quick = Quick(contract, self._judging.memories)
        self._references = References(references)
        self._kinds = Kinds()

    def judge(self, exchange: Exchange) -> None:
        """Judges the next exchange."""
        self.judge_sketch(sketch_of(exchange, self._contract.paths))

    def judge_sketch(self, sketch: Sketch) -> None:
        """Judges the next exchange by its sketch. It is made only if it may break something."""
        if passed := self._quick.judge(sketch):
            self.tallies.note_passed(passed)
            self._references.note_accepted(passed.sent)
            return
        for judged in self._judging.judge([sketch.exchange()]):
            self._note(replace(judged, place=self.tallies.requests))
            self._quick.learn(judged, sketch)

    @property
    def kinds(self) -> int:
        """How many kinds of exchanges it keeps some of."""
        return len(self._kinds)

    def judged(self) -> tuple[Judged, ...]:
        """Some exchanges of each kind, in their order. Of those that break nothing and are accepted, it has few."""
        return tuple(map(self._references.excuse, self._kinds.judged()))

    def _note(self, judged: Judged) -> None:
        self.tallies.note(judged)
        self._references.note(judged)
        is_refused = not judged.exchange.is_accepted
        self._kinds.note(judged, self._references.of(judged) if is_refused else None)
