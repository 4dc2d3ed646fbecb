"""The scope of a run, as data: the operations that it tested, how each was answered, and what it left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.result.part import Part, Positive

if TYPE_CHECKING:
    from collections.abc import Iterable

OF_ANOTHER_SHARD: Final = "another shard of the run tests this operation"
"""Why a shard did not try a statement."""


class ShardPart(Part, frozen=True, kw_only=True):
    """A shard of a run."""

    number: Positive
    of: Positive
    """How many shards the run has."""
    operations: tuple[str, ...]
    """The operations that it tested, as `POST /path`."""
    max_calls: int | None
    """Its part of `--max-calls`; null for any number."""


class OperationTally(Part, frozen=True, kw_only=True):
    """How an operation answered valid requests."""

    label: str
    """As `POST /path`."""
    accepted: int
    """How many valid requests it accepted."""
    answers: dict[str, int]
    """How often it gave each status to valid requests."""
    remedies: tuple[str, ...]
    """Advice that may get a request accepted, where none was."""

    @property
    def complaint(self) -> str | None:
        """The reason why nothing is claimed of the operation; None if a valid request was accepted."""
        if self.accepted:
            return None
        answers = ", ".join(f"{status} {_times(number)}" for status, number in self.answers.items())
        told = f" (the server answered {answers})" if answers else ""
        return f"{self.label}: no valid request was accepted{told}.{''.join(f' {each}' for each in self.remedies)}"


class LeftOut(Part, frozen=True, kw_only=True):
    """A choice, a request or a check that a run left out, or a whole operation."""

    operation: str | None
    """The operation, as `POST /path`; of a further media type, as `POST /path with text/csv`. Null if it is of none."""
    thing: str | None
    """The choice, the request or the check, in words; null for the whole operation."""
    reason: str | None
    """Why it was left out; null if the run had no call for it, or if the limits of the target do not allow it."""

    def __str__(self) -> str:
        named = ": ".join(filter(None, (self.operation, self.thing)))
        return f"{named} ({self.reason})" if self.reason else named


def explain_gaps(obstacle: str | None, operations: Iterable[OperationTally], shards: Iterable[ShardPart]) -> str | None:
    """The reason why a run is not whole: its obstacle, the operations that accepted nothing, or that it had none."""
    shards = tuple(shards)
    held = {label for each in shards for label in each.operations}
    tested = [each for each in operations if each.label in held or not shards]
    complaints = [complaint for each in tested if (complaint := each.complaint)]
    empty = [f"Shard {each.number} of {each.of} has no operation to test." for each in shards if not held]
    return obstacle or "\n".join(complaints or empty) or None


def unmade(check: str) -> LeftOut:
    """A check that was never made."""
    return LeftOut(operation=None, thing=f"the check {check}", reason="no response could be judged by it")


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
