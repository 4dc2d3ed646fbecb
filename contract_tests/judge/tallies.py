"""From judged exchanges to tallies: how often each check was made, and each documented fact kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from contract_tests.judge.checks import checks_of
from contract_tests.judge.counts import Counts
from contract_tests.judge.fact_counts import FactCounts
from contract_tests.judge.statement_counts import StatementCounts
from contract_tests.result.result import CheckTally

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from contract_tests.contract.contract import Contract, Standing
    from contract_tests.judge.alike import Alike
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.passed import Passed
    from contract_tests.result.result import Addition, FactTally, Finding

_REMEMBERED: Final = 4096
"""How many exchanges that are not alike are counted later."""


class Tallies:
    """Counts what comes of exchanges, one at a time."""

    def __init__(self, contract: Contract, counts: Counts | None = None) -> None:
        self._contract = contract
        self._counts = counts or Counts()
        self._alike: Counter[Alike] = Counter()
        self._facts = FactCounts(contract, self._counts)
        self._statements = StatementCounts(contract, self._counts)

    @property
    def requests(self) -> int:
        """How many exchanges were judged."""
        return self._counts.requests

    @property
    def counts(self) -> Counts:
        """All counts."""
        self._count_alike()
        return self._counts

    def note(self, judged: Judged) -> None:
        """Takes an exchange into account. It counts once for a check, however many problems it has."""
        self._facts.note(judged)
        self._statements.note(judged)
        self._counts.requests += 1
        self._counts.passed.update(judged.passed)
        self._counts.failed.update({failure.check for failure in judged.failures})

    def note_passed(self, passed: Passed) -> None:
        """Takes an exchange into account that breaks nothing."""
        self._counts.requests += 1
        self._alike[passed.alike] += 1
        if len(self._alike) >= _REMEMBERED:
            self._count_alike()

    def _count_alike(self) -> None:
        """Counts what exchanges that are alike have in common, which takes too long to do for each exchange."""
        for alike, times in self._alike.items():
            self._counts.passed.update(dict.fromkeys(alike.checks + alike.rules, times))
            self._facts.note_alike(alike, times)
            self._statements.note_alike(alike, times)
        self._alike.clear()

    @property
    def statements(self) -> StatementCounts:
        """How often each statement was tried and kept."""
        self._count_alike()
        return self._statements

    def checks(self) -> tuple[CheckTally, ...]:
        """How often each check passed and failed."""
        self._count_alike()
        names, counts = (check.name for check in checks_of(self._contract)), self._counts
        return tuple(CheckTally(name=name, passed=counts.passed[name], failed=counts.failed[name]) for name in names)

    def facts(self, findings: Sequence[Finding], warnings: Collection[Standing] = ()) -> tuple[FactTally, ...]:
        """How often each documented fact was kept, and what breaks it.

        A fact of one of the standings in `warnings` violates nothing.
        """
        self._count_alike()
        return self._facts.tallies(findings, warnings)

    def additions(self) -> tuple[Addition, ...]:
        """The fields that responses have beyond the spec."""
        self._count_alike()
        return self._facts.additions.found()


class EarlyTallies:
    """Counts exchanges as soon as they are judged, while a run waits for more of them."""

    def __init__(self, contract: Contract) -> None:
        self._tallies = Tallies(contract)
        self._noted: list[Judged] = []

    def note(self, judged: Judged) -> None:
        """Takes an exchange into account, as it is judged by now."""
        self._tallies.note(judged)
        self._noted.append(judged)  # last: where Ctrl-C comes in between, the counts are not these exchanges'

    def of(self, judged: Iterable[Judged]) -> Tallies | None:
        """The tallies, if just these were noted. None if there are others, or one was judged anew since."""
        is_same = {id(each) for each in judged} == {id(each) for each in self._noted}
        return self._tallies if is_same else None


def tally(contract: Contract, judged: Iterable[Judged]) -> Tallies:
    """Counts what comes of the exchanges of a record."""
    tallies = Tallies(contract)
    for each in judged:
        tallies.note(each)
    return tallies
