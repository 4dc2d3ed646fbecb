"""The judging of a record of any length, one exchange at a time, in memory that hardly grows with it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from contract_tests.judge.judge import Judging
from contract_tests.judge.kinds import Kinds
from contract_tests.judge.memory import BriefMemory
from contract_tests.judge.partial import Partial
from contract_tests.judge.quick import Quick
from contract_tests.judge.references import References
from contract_tests.judge.sketch import sketch_of
from contract_tests.judge.tallies import Tallies

if TYPE_CHECKING:
    from collections.abc import Collection

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.memory import Known
    from contract_tests.judge.sketch import Sketch


class Stream:
    """Judges exchanges in their order, and keeps some of each kind that breaks something."""

    def __init__(self, contract: Contract, references: Collection[str] = ()) -> None:
        self.tallies = Tallies(contract)
        self.memory = BriefMemory()
        self._contract = contract
        self._judging = Judging(contract, self.memory)
        self._shown = self.tallies.counts.additions
        """The undocumented fields so far. Each is in a kept exchange."""
        self._quick = Quick(contract, self.memory, self._shown)
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

    def begin(self, known: Known) -> None:
        """Begins another part of a record. `known` are texts that the parts before had."""
        self.memory.begin(known)
        self._quick.forget()
        self.tallies.counts.take()
        self._kinds = Kinds()
        self._references.begin(set())

    def take(self) -> Partial:
        """The judgement of the part since `begin`."""
        return Partial(self.tallies.counts.take(), self._kinds, self._references.known)

    def resume(self, partial: Partial) -> None:
        """Goes on after a part that was judged before."""
        self.tallies.counts.add(partial.counts)
        self._kinds = partial.kinds
        self._references.begin(partial.references)

    def _note(self, judged: Judged) -> None:
        before = len(self._shown)
        self.tallies.note(judged)
        self._references.note(judged)
        is_refused = not judged.exchange.is_accepted
        references = tuple(sorted(self._references.of(judged))) if is_refused else None
        self._kinds.note(judged, references, tuple(sorted(islice(self._shown, before, None))))
