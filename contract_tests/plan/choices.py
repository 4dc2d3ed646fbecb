"""Choices that a request leaves open: choice points, and the alternatives at each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from contract_tests.contract.contract import Standing
    from spec.json_value import Json


@dataclass(frozen=True, order=True)
class Choice:
    """One way in which a valid request may differ. Two choices are the same if place and value are."""

    place: str
    """The part of the request, branches included: `order.payment(Card).number`."""
    value: str
    """The alternative that is chosen there: `maximum 2`, `absent`, `"red"`."""
    pointer: str = field(compare=False)
    """The statement of the spec that allows it."""
    standing: Standing = field(compare=False)
    is_known_name: bool = field(compare=False, default=False)
    """True for one of the names that are listed beside "any string"."""
    may_be_refused: bool = field(compare=False, default=False)
    """True for a valid number that a server may refuse all the same."""
    reason: str = field(compare=False, default="")
    """Why no body tries it; empty if one does, or if only a limit of the target or of the calls keeps it out."""

    @property
    def is_structural(self) -> bool:
        """Tells whether it shapes the request: a branch, a member of an enumeration, a field that is absent or null."""
        return self.value in {"absent", "null"} or self.is_tag

    @property
    def is_tag(self) -> bool:
        """Tells whether it is a member of a closed enumeration, as the tag of a branch is."""
        return not self.is_known_name and self.value != "null" and self.pointer.endswith(("/enum", "/const"))

    @property
    def is_member(self) -> bool:
        """Tells whether it is a member of an enumeration, closed or beside "any string"."""
        return self.is_tag or self.is_known_name

    @property
    def in_any_item(self) -> Choice:
        """The choice in any item of an array: the first and later ones are the same."""
        return replace(self, place=re.sub(r"\[\d\]", "[]", self.place))

    @property
    def tells_branch(self) -> bool:
        """Tells whether it is a member of a closed enumeration in a named branch, as a branch's tag is."""
        return self.is_tag and self.place.rpartition(".")[0].endswith(")")

    @cached_property
    def _hash(self) -> int:
        return hash((self.place, self.value))

    def __hash__(self) -> int:
        """The hash of what makes a choice, remembered: plans look each choice up thousands of times."""
        return self._hash

    @property
    def words(self) -> str:
        """The place and the value: `order.payment: absent`."""
        return f"{self.place or 'the body'}: {self.value}"

    def __str__(self) -> str:
        return f"{self.words} ({self.reason})" if self.reason else self.words


@dataclass(frozen=True)
class Mark:
    """How far a body in the making has come."""

    taken: int
    counted: int
    takes: frozenset[Choice]
    shape: int


class Draft(Protocol):
    """A body in the making: it decides what is taken at each choice point."""

    def fill(self, point: ChoicePoint) -> Json:
        """Takes an alternative at a choice point, and makes its value."""

    def add(self, choices: Iterable[Choice]) -> None:
        """Notes choices that the body has, though it did not decide for them."""

    def mark(self) -> Mark:
        """The state of the body, to come back to."""

    def forget_since(self, mark: Mark) -> None:
        """Forgets all choices since a mark, for the part that has them is not in the body after all."""


@dataclass(eq=False)
class Alternative:
    """One option at a choice point: the choice it is, if it counts as one, and how to make its value."""

    choice: Choice | None
    make: Callable[[Draft], Json]
    points: tuple[ChoicePoint, ...] = ()
    """The choice points that come with it."""
    exact: Choice | None = None
    """The choice at this very place. `choice` may be wider: a kind of string is tried in any string of an object."""
    brings: tuple[Choice, ...] = ()
    """Choices that are tried along with it: an object with nothing but its required fields lacks all others."""
    is_rare: bool = False
    """True if no more bodies are to have its value than must: it is long, or a server may refuse it."""
    weight: int = 1
    """How large its value may be: about how many scalars it holds."""

    def __post_init__(self) -> None:
        self.exact = self.exact or self.choice

    @cached_property
    def tries(self) -> tuple[Choice, ...]:
        """The choices that count as tried by it."""
        return (self.choice, *self.brings) if self.choice else self.brings

    @cached_property
    def tries_exactly(self) -> tuple[Choice, ...]:
        """The choices that it has, each at its very place."""
        return (self.exact, *self.brings) if self.exact else self.brings

    @cached_property
    def marks(self) -> frozenset[Choice]:
        """The choices that come with it in any case: of a branch, the tag that tells it from others."""
        inner = (point.alternatives[0].marks for point in self.points if len(point.alternatives) == 1)
        return frozenset().union(*inner, [self.choice] if self.choice else [])


@dataclass(eq=False)
class ChoicePoint:
    """A part of the request where one of several alternatives is taken."""

    alternatives: tuple[Alternative, ...]

    @cached_property
    def weight(self) -> int:
        """How large the value may be that most bodies have here."""
        common = [each.weight for each in self.alternatives if not each.is_rare]
        return max(common or [each.weight for each in self.alternatives], default=1)


NOWHERE: Final = ChoicePoint(())
"""A choice point with nothing to choose."""


def alternatives_below(point: ChoicePoint) -> Iterator[Alternative]:
    """Walks the alternatives at a choice point, and those at the choice points that come with them."""
    for alternative in point.alternatives:
        yield alternative
        for inner in alternative.points:
            yield from alternatives_below(inner)
