"""Packs choices into bodies: takes, at each choice point, the alternative with the most left to try."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property, partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Final, Protocol

from contract_tests.plan.choices import NOWHERE, Mark
from contract_tests.plan.spelling import without_spelling, write_json
from contract_tests.plan.worth import worth_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from random import Random

    from contract_tests.plan.choices import Alternative, Choice, ChoicePoint
    from spec.json_value import Json

_FIRST: Final = 10**12
_STRUCTURAL: Final = 100
"""How much more a new pair of two structural choices is worth than any other new pair."""


@dataclass(frozen=True)
class PlannedBody:
    """A body to send, and the choices that it has."""

    body: Json
    text: str
    """Its JSON text."""
    takes: tuple[Choice, ...]
    """All choices that it has, each at its very place."""
    counted: tuple[Choice, ...] = ()
    """The choices that count as tried by it."""
    shape: int = 0
    """The values of the factors that it has; see `Shapes`."""
    tries: tuple[Choice, ...] = ()
    """The choices that no body before it tries."""

    @cached_property
    def may_be_refused(self) -> bool:
        """True if a conforming server may refuse it, so that it proves little of what it has."""
        return any(choice.may_be_refused for choice in self.counted)


class Untried:
    """The choices left to try, all or those that are wanted, and how much of them each alternative leads to."""

    def __init__(
        self, root: ChoicePoint, wanted: Collection[Choice] | None = None, first: Collection[Choice] = frozenset()
    ) -> None:
        self._first = first
        """The wanted choices that come before all others."""
        self.choices: set[Choice] = set()
        self.worth: Counter[Alternative] = Counter()
        self._wanted = wanted
        self._above: dict[Choice, list[tuple[Alternative, int]]] = defaultdict(list)
        if wanted is None or wanted:
            self._index(root, ())

    def try_out(self, choices: Iterable[Choice]) -> None:
        """Takes choices off those left to try."""
        for choice in self.choices.intersection(choices):
            self.choices.remove(choice)
            for above, weight in self._above[choice]:
                self.worth[above] -= weight

    def tried_by(self, alternative: Alternative) -> tuple[Choice, ...]:
        """The choices that an alternative tries, if they are to be tried at all."""
        return alternative.tries if self._wanted is None else alternative.tries_exactly

    def _index(self, point: ChoicePoint, above: tuple[Alternative, ...]) -> None:
        for alternative in point.alternatives:
            way = (*above, alternative)
            for choice in self.tried_by(alternative):
                if self._wanted is None or choice in self._wanted:
                    self._add(choice, way)
            for inner in alternative.points:
                self._index(inner, way)

    def _add(self, choice: Choice, way: tuple[Alternative, ...]) -> None:
        """Adds a choice that the alternatives of a way lead to."""
        self.choices.add(choice)
        weight = _FIRST if choice in self._first else worth_of(choice)
        self._above[choice].extend((alternative, weight) for alternative in way)
        self.worth.update(dict.fromkeys(way, weight))


class Newest:
    """Picks, of alternatives that lead to nothing untried, the one that makes most new pairs.

    Sets of choices are kept as bits of a number, for they are compared often.
    """

    def __init__(self, random: Random, choices: Collection[Choice]) -> None:
        self._random = random
        self._bits = {choice: 1 << position for position, choice in enumerate(sorted(choices))}
        self._structural = self._union(choice for choice in choices if choice.is_structural)
        self._together: dict[Choice, int] = defaultdict(int)
        self._taken: Sequence[Choice] = ()
        self._known, self._union_of_known = 0, 0

    def remember(self, taken: Sequence[Choice]) -> None:
        """Notes that these choices have been in one body."""
        together = self._union(taken)
        for choice in taken:
            self._together[choice] |= together

    def pick(self, alternatives: Sequence[Alternative], taken: Sequence[Choice]) -> Alternative:
        """The alternative to take at a choice point, beside the choices taken already."""
        common = [each for each in alternatives if not each.is_rare] or alternatives
        shuffled = self._random.sample(common, len(common))
        return max(shuffled, key=partial(self._novelty, taken=self._union_of(taken)))

    def _novelty(self, alternative: Alternative, taken: int) -> int:
        """The worth of an alternative's new pairs; one that leads further is worth more than one that does not."""
        new = [taken & ~self._together[mark] for mark in alternative.marks]
        structural = sum((choices & self._structural).bit_count() for choices in new)
        return _STRUCTURAL * structural + sum(map(int.bit_count, new)) + len(alternative.points)

    def _union_of(self, taken: Sequence[Choice]) -> int:
        """The union of the choices taken, which grows from one choice point of a body to the next."""
        if taken is not self._taken or len(taken) < self._known:  # another body, or a part was given up
            self._taken, self._known, self._union_of_known = taken, 0, 0
        self._union_of_known |= self._union(taken[self._known :])
        self._known = len(taken)
        return self._union_of_known

    def _union(self, choices: Iterable[Choice]) -> int:
        return reduce(or_, (self._bits[choice] for choice in choices), 0)


class Plainest:
    """Picks an alternative where none leads to a wanted choice: one that is known to work, preferred, or small."""

    def __init__(self, known_good: Collection[Choice], preference: Mapping[Alternative, int]) -> None:
        self._known_good = known_good
        self._preference = preference
        self._effort = cache(self._find_effort)

    def pick(self, alternatives: Sequence[Alternative], _taken: Sequence[Choice]) -> Alternative:
        """The alternative to take at a choice point."""
        return min(alternatives, key=self._effort)

    def _find_effort(self, alternative: Alternative) -> tuple[bool, bool, bool, int]:
        choice = alternative.exact
        return (
            choice is not None and choice not in self._known_good,
            not self._preference[alternative],
            choice is None or choice.value != "absent",
            len(alternative.points),
        )


class Fullest:
    """Picks, of any alternatives, one with all its parts."""

    def pick(self, alternatives: Sequence[Alternative], _taken: Sequence[Choice]) -> Alternative:
        """The alternative to take at a choice point."""
        return max(alternatives, key=_fullness)


def _fullness(alternative: Alternative) -> tuple[bool, int]:
    is_missing = alternative.choice is not None and alternative.choice.value in {"absent", "null"}
    return not is_missing, len(alternative.points)


class AtRandom:
    """Picks any alternative."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def pick(self, alternatives: Sequence[Alternative], _taken: Sequence[Choice]) -> Alternative:
        """The alternative to take at a choice point."""
        return self._random.choice(alternatives)


class Picks(Protocol):
    """Picks an alternative where none leads to an untried choice."""

    def pick(self, alternatives: Sequence[Alternative], taken: Sequence[Choice], /) -> Alternative:
        """The alternative to take at a choice point, beside the choices taken already."""


@dataclass
class BodyDraft:
    """A body in the making."""

    untried: Untried
    otherwise: Picks
    """Picks where no alternative leads to an untried choice."""
    bits: Mapping[Alternative, int] = field(default_factory=dict)
    """The values of factors that alternatives stand for; see `Shapes`."""
    wanted: int = 0
    """The values that it is to have, as far as it comes to their factors."""
    counted: list[Choice] = field(default_factory=list)
    taken: list[Choice] = field(default_factory=list)
    takes: set[Choice] = field(default_factory=set)
    shape: int = 0

    def finish(self, value: Json) -> PlannedBody:
        """The planned body, once its value is made."""
        takes, counted = tuple(sorted(self.takes)), tuple(sorted({*self.counted}))
        return PlannedBody(without_spelling(value), write_json(value), takes, counted, self.shape)

    def fill(self, point: ChoicePoint) -> Json:
        """Takes the alternative that gets most tried, and makes its value; null where there is none."""
        if not point.alternatives:
            return None
        alternatives = self._wanted_of(point)
        best = max(alternatives, key=self.untried.worth.__getitem__)
        alternative = best if self.untried.worth[best] else self.otherwise.pick(alternatives, self.taken)
        self._take(alternative)
        return alternative.make(self)

    def add(self, choices: Iterable[Choice]) -> None:
        """Notes choices that the body has. None counts as tried by this."""
        noted = list(choices)
        self.taken.extend(noted)
        self.takes.update(noted)

    def mark(self) -> Mark:
        """The state of the body, to come back to."""
        return Mark(len(self.taken), len(self.counted), frozenset(self.takes), self.shape)

    def forget_since(self, mark: Mark) -> None:
        """Forgets all choices since a mark."""
        del self.taken[mark.taken :], self.counted[mark.counted :]
        self.takes, self.shape = set(mark.takes), mark.shape

    def _wanted_of(self, point: ChoicePoint) -> Sequence[Alternative]:
        """The alternatives at a choice point that have the wanted value; a bare object only if it has to be tried."""
        if not self.wanted:
            return point.alternatives
        wanted = [each for each in point.alternatives if self.bits.get(each, 0) & self.wanted] or point.alternatives
        return [each for each in wanted if not each.brings or self.untried.worth[each]] or wanted

    def _take(self, alternative: Alternative) -> None:
        self.shape |= self.bits.get(alternative, 0)
        if alternative.choice and alternative.exact:
            self.taken += (alternative.choice, *alternative.brings)
            # Of a bare object, a finding is to name the field that is absent.
            self.takes.update(alternative.brings or [alternative.exact])
        self.counted += alternative.tries
        self.untried.try_out(self.untried.tried_by(alternative))


def value_of(alternative: Alternative) -> Json:
    """The value of an alternative without choice points."""
    return alternative.make(_no_draft())


@cache
def _no_draft() -> BodyDraft:
    """A draft that decides nothing."""
    return BodyDraft(Untried(NOWHERE), Plainest((), Counter()))
