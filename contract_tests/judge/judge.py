"""The judge: exchanges and a contract make failures. It goes by bytes alone, and keeps no state of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from contract_tests.judge.before import Notes
from contract_tests.judge.checks import checks_of
from contract_tests.judge.memory import WholeMemory
from contract_tests.judge.seen import seen_by
from contract_tests.judge.things import ThingNotes

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from contract_tests.contract.contract import Contract, Standing
    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.judge.check import Check, Problem
    from contract_tests.judge.memory import Memory
    from contract_tests.judge.seen import Seen
    from contract_tests.result.terms import Gravity


class Failure(Struct, frozen=True):
    """A check's "no" to an exchange. `standing` is the check's own; None for that of the statement at `pointer`."""

    check: str
    headline: str
    detail: str
    pointer: str
    gravity: Gravity
    standing: Standing | None = None
    missing: str | None = None
    """The name of the property that is absent, where `required` is broken."""
    earlier: tuple[Exchange, ...] = ()
    """The exchanges that it takes before, for the failure to show, in their order."""
    witness: str | None = None
    """The other tool that found it, where the judge did not."""
    kind: str = ""
    """Tells it from other failures of the check, where the statement that is broken does not."""
    locations: tuple[str, ...] = ()
    """The wrong parts of the request's or the response's body, as JSON Pointers."""
    same_as: tuple[str, ...] = ()
    """The names of checks that find the same thing, if they fail in the same exchange."""
    times: int | None = None
    """How many exchanges show it; None for those alone that have this failure."""


class Judged(Struct, frozen=True):
    """An exchange, and what the checks make of it."""

    seen: Seen
    passed: tuple[str, ...]
    failures: tuple[Failure, ...]
    unknown: tuple[str, ...] = ()
    """The places of references that the request may have been refused for (see references.py)."""
    place: int | None = None
    """The place of the exchange in the record, from 0, where that is not its place among the judged ones."""
    times: int = 1
    """How many exchanges of its kind it stands for (see kinds.py)."""

    @property
    def exchange(self) -> Exchange:
        """The exchange."""
        return self.seen.exchange

    @property
    def made(self) -> frozenset[str]:
        """The names of the checks that were made."""
        return frozenset(self.passed) | {failure.check for failure in self.failures}


class Judging:
    """The judging of one record, whose exchanges come in their order, perhaps in several parts.

    `see` makes what is judged of an exchange, for those who see the same requests again and again.
    """

    def __init__(
        self,
        contract: Contract,
        memory: Memory | None = None,
        see: Callable[[Exchange], Seen | None] | None = None,
    ) -> None:
        self._see = see or partial(seen_by, contract)
        self._checks = checks_of(contract)
        self._memory = memory or WholeMemory()
        self._notes, self._thing_notes = Notes(contract), ThingNotes(contract)
        self._made: dict[Hashable, tuple[Check, ...]] = {}

    def judge(self, exchanges: Iterable[Exchange]) -> Iterator[Judged]:
        """Judges the next exchanges of the record. What is at no path of the contract is passed over."""
        for exchange in exchanges:
            if seen := self._see(exchange):
                judged = _judge_one(seen, self._made_of(seen), self._memory)
                self._remember(seen)
                yield judged

    def _made_of(self, seen: Seen) -> tuple[Check, ...]:
        """The checks that are made of exchanges of a kind."""
        exchange, operation = seen.exchange, seen.operation
        kind = operation.pointer, exchange.response is None, exchange.is_accepted, exchange.omitted
        if kind not in self._made:
            made = (each for each in self._checks if _is_made(each, exchange))
            self._made[kind] = tuple(each for each in made if each.concerns(operation, exchange.is_accepted))
        return self._made[kind]

    def _remember(self, seen: Seen) -> None:
        """Remembers an exchange for the checks that look back, once all of them have been asked."""
        if values := seen.values or seen.values_of_deletion:
            whole = (seen.exchange.id, lambda: seen.exchange)
            self._notes.take(seen.operation, values, self._memory, *whole)
            self._thing_notes.take(seen.operation, values, self._memory, *whole)
        elif seen.exchange.response and self._thing_notes.is_needed and seen.sent.validity == "valid":
            refused = (seen.status, seen.sent.parameters.values.get("path"))
            self._thing_notes.take_missing(
                seen.operation, refused, self._memory, seen.exchange.id, lambda: seen.exchange
            )


def judge(contract: Contract, exchanges: Iterable[Exchange]) -> list[Judged]:
    """Judges the exchanges of a whole record, in their order."""
    return list(Judging(contract).judge(exchanges))


def _judge_one(seen: Seen, checks: Iterable[Check], memory: Memory) -> Judged:
    passed: list[str] = []
    failures: list[Failure] = []
    for check in checks:
        problems = check.ask(seen, memory)
        if problems is not None and not problems:
            passed.append(check.name)
        failures += (_failure(check, seen, problem) for problem in problems or ())
    return Judged(seen, tuple(passed), tuple(failures))


def _is_made(check: Check, exchange: Exchange) -> bool:
    is_there = exchange.response is not None or check.judges_silence
    return is_there and check.reads.isdisjoint(exchange.omitted)


def _failure(check: Check, seen: Seen, problem: Problem) -> Failure:
    return Failure(
        check.name,
        problem.headline,
        problem.detail,
        problem.pointer or _section(check, seen.operation),
        problem.gravity or check.gravity,
        problem.standing or check.standing,
        problem.missing,
        problem.earlier,
        kind=problem.kind,
        locations=problem.locations,
        same_as=problem.same_as,
    )


def _section(check: Check, operation: Operation) -> str:
    """The part of an operation that a check points to; the operation itself, where it has no such part."""
    is_there = check.section and not (check.section == "requestBody" and not operation.contents)
    return f"{operation.pointer}/{check.section}" if is_there else operation.pointer
