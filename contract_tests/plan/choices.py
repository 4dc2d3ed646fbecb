"""What a request leaves open: places, the alternatives at each, and the choices that these are."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract_tests.contract.contract import Standing
    from contract_tests.plan.packing import Body


@dataclass(frozen=True, order=True)
class Choice:
    """One way in which a valid request may differ. Two choices are the same if place and value are."""

    place: str
    """Where in the request, branches included: `order.payment(Card).number`."""
    value: str
    """What is chosen there: `maximum 2`, `absent`, `"red"`."""
    pointer: str = field(compare=False)
    """The statement of the spec that allows it."""
    standing: Standing = field(compare=False)
    is_known_name: bool = field(compare=False, default=False)
    """Whether it is one of the names that are listed beside "any string"."""

    @property
    def is_structural(self) -> bool:
        """Whether it shapes the request: a branch, a member of an enumeration, a field that is absent or null."""
        return self.value in {"absent", "null"} or self.is_tag

    @property
    def is_tag(self) -> bool:
        """Whether it is a member of a closed enumeration, as the tag of a branch is."""
        return not self.is_known_name and self.value != "null" and self.pointer.endswith(("/enum", "/const"))

    def __str__(self) -> str:
        return f"{self.place or 'the body'}: {self.value}"


@dataclass(eq=False)
class Alternative:
    """One option at a place: the choice it is, if it counts as one, and how to make its value."""

    choice: Choice | None
    make: Callable[[Body], Any]
    places: tuple[Place, ...] = ()
    """The places that come with it."""
    exact: Choice | None = None
    """The choice by its very place, where the one to try is wider: any string of an object will do for a kind."""

    def __post_init__(self) -> None:
        self.exact = self.exact or self.choice

    @cached_property
    def marks(self) -> frozenset[Choice]:
        """The choices that come with it in any case: of a branch, the tag that tells it from others."""
        inner = (place.alternatives[0].marks for place in self.places if len(place.alternatives) == 1)
        return frozenset().union(*inner, [self.choice] if self.choice else [])


@dataclass(frozen=True, eq=False)
class Place:
    """A place in the request where one of several alternatives is taken."""

    alternatives: tuple[Alternative, ...]


NOWHERE: Final = Place(())
"""A place with nothing to choose."""


def options_of(place: Place) -> Iterator[Alternative]:
    """Every alternative at a place and below it."""
    for alternative in place.alternatives:
        yield alternative
        for inner in alternative.places:
            yield from options_of(inner)
