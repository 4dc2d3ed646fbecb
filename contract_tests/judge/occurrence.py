"""A failure in the exchange that shows it, and what tells it from failures of other causes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from spec.reader import pointer_of, tokens

if TYPE_CHECKING:
    from contract_tests.judge.judge import Failure, Judged

_BY_CHOICE: Final = frozenset(("crash", "refusal"))
"""Gravities of failures that are told apart by the choices of the request that they are due to."""

Identity = tuple[str, ...]
"""Tells causes apart by what is broken: the check, the operation, and the statement or another part."""


class NarrowedChoice(NamedTuple):
    """A choice of a request that a failure is due to: in words, and the pointer of the statement that allows it."""

    words: str
    pointer: str


class Occurrence(Struct, frozen=True, eq=False, dict=True):
    """A failure in the exchange that shows it."""

    failure: Failure
    judged: Judged
    place: int
    """The place of the exchange in the record, from 0."""
    choices: tuple[NarrowedChoice, ...] = ()
    """The choices of the request that its failures are due to."""

    @cached_property
    def identity(self) -> Identity:
        """Tells it from failures of other causes, as far as one failure can tell."""
        failure = self.failure
        broken = (failure.kind,) if failure.kind else (failure.pointer, failure.missing or "")
        choices = (choice.words for choice in self.choices) if failure.gravity in _BY_CHOICE else ()
        return (failure.check, self._operation, *filter(None, (*broken, *choices)))

    @property
    def _operation(self) -> str:
        """The label of the operation. For a statement about several operations' responses, it is the first one's."""
        seen = self.judged.seen
        shared = seen.contract.first_with_response(self.failure.pointer) if self.failure.gravity == "response" else None
        return (shared or seen.operation).label

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The wrong parts of the body, as JSON Pointers. An absent field stands where it should be."""
        missing = self.failure.missing
        ways = (tokens(location) for location in self.failure.locations)
        return tuple(pointer_of([*way, missing] if missing is not None else way) for way in ways)

    def overlaps(self, other: Occurrence) -> bool:
        """Tells whether a wrong part of one holds, or is, a wrong part of the other."""
        pairs = ((f"{one}/", f"{two}/") for one in self.parts for two in other.parts)
        return any(one.startswith(two) or two.startswith(one) for one, two in pairs)
