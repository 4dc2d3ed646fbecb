"""Bodies in the making: at each place, the alternative that gets most tried, or else most that is new, or least."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from contract_tests.plan.choices import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from random import Random

    from contract_tests.contract.contract import Standing
    from contract_tests.plan.choices import Alternative, Choice, Place
    from spec.json_value import Json

_WEIGHTS: Final[dict[Standing, int]] = {"documented": 10**6, "sdk": 10**3, "inferred": 1}
_FIRST: Final = 10**12
_TELLING: Final = 100
"""How much more it is worth to bring together two choices that shape the request than any two."""


@dataclass(frozen=True)
class PlannedBody:
    """A body to send, and the choices that no body before it tries."""

    body: Any
    tries: tuple[Choice, ...]
    takes: tuple[Choice, ...]
    """All that it has, those that others have tried before it too."""


class Memory:
    """What is left to try, all or what is wanted, and how much of it each alternative leads to."""

    def __init__(
        self, root: Place, wanted: Collection[Choice] | None = None, first: Collection[Choice] = frozenset()
    ) -> None:
        self._first = first
        """Those of the wanted choices that come before all others."""
        self.left: set[Choice] = set()
        self.worth: Counter[Alternative] = Counter()
        self._wanted = wanted
        self._above: dict[Choice, list[tuple[Alternative, int]]] = defaultdict(list)
        self._index(root, ())

    def try_out(self, alternative: Alternative) -> bool:
        """Takes an alternative's choice off what is left to try; whether it was on it."""
        choice = self._choice(alternative)
        if choice is None or choice not in self.left:
            return False
        self.left.remove(choice)
        for above, weight in self._above[choice]:
            self.worth[above] -= weight
        return True

    def _index(self, place: Place, above: tuple[Alternative, ...]) -> None:
        for alternative in place.alternatives:
            ways, choice = (*above, alternative), self._choice(alternative)
            if choice and (self._wanted is None or choice in self._wanted):
                self.left.add(choice)
                weight = _FIRST if choice in self._first else _WEIGHTS[choice.standing]
                self._above[choice].extend((each, weight) for each in ways)
                self.worth.update(dict.fromkeys(ways, weight))
            for inner in alternative.places:
                self._index(inner, ways)

    def _choice(self, alternative: Alternative) -> Choice | None:
        return alternative.choice if self._wanted is None else alternative.exact


class Newest:
    """Of alternatives that lead to nothing untried, takes the one that makes most new pairs.

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

    def had_together(self, one: Choice, other: Choice) -> bool:
        """Whether one body has had both."""
        return bool(self._together[one] & self._bits[other])

    def pick(self, place: Place, taken: Sequence[Choice]) -> Alternative:
        """The alternative to take at a place, beside the choices taken already."""
        shuffled = self._random.sample(place.alternatives, len(place.alternatives))
        return max(shuffled, key=partial(self._novelty, taken=self._union_of(taken)))

    def _novelty(self, alternative: Alternative, taken: int) -> int:
        """How many new pairs an alternative makes; one that leads further is worth more than one that does not."""
        new = [taken & ~self._together[mark] for mark in alternative.marks]
        telling = sum((choices & self._structural).bit_count() for choices in new)
        return _TELLING * telling + sum(map(int.bit_count, new)) + len(alternative.places)

    def _union_of(self, taken: Sequence[Choice]) -> int:
        """The union of what is taken, which grows from one place of a body to the next."""
        if taken is not self._taken:
            self._taken, self._known, self._union_of_known = taken, 0, 0
        self._union_of_known |= self._union(taken[self._known :])
        self._known = len(taken)
        return self._union_of_known

    def _union(self, choices: Iterable[Choice]) -> int:
        return reduce(or_, (self._bits[choice] for choice in choices), 0)


class Plainest:
    """Of alternatives that lead to nothing wanted, takes what works: of that what is preferred, or else least."""

    def __init__(self, known_good: Collection[Choice], preference: Mapping[Alternative, int]) -> None:
        self._known_good = known_good
        self._preference = preference

    def pick(self, place: Place, _taken: Sequence[Choice]) -> Alternative:
        """The alternative to take at a place."""
        return min(place.alternatives, key=self._effort)

    def _effort(self, alternative: Alternative) -> tuple[bool, bool, bool, int]:
        choice = alternative.exact
        return (
            choice is not None and choice not in self._known_good,
            not self._preference[alternative],
            choice is None or choice.value != "absent",
            len(alternative.places),
        )


@dataclass
class Body:
    """A body in the making."""

    memory: Memory
    otherwise: Newest | Plainest
    tries: list[Choice] = field(default_factory=list)
    taken: list[Choice] = field(default_factory=list)
    takes: set[Choice] = field(default_factory=set)
    """All that is taken, by its very place."""

    def finish(self, value: Json) -> PlannedBody:
        """The body, once its value is made."""
        return PlannedBody(value, tuple(sorted(self.tries)), tuple(sorted(self.takes)))

    def value(self, place: Place) -> Json:
        """Takes the alternative that gets most tried, and makes its value."""
        best = max(place.alternatives, key=self.memory.worth.__getitem__)
        alternative = best if self.memory.worth[best] else self.otherwise.pick(place, self.taken)
        if alternative.choice and alternative.exact:
            self.taken.append(alternative.choice)
            self.takes.add(alternative.exact)
            if self.memory.try_out(alternative):
                self.tries.append(alternative.choice)
        return alternative.make(self)


def value_of(option: Alternative) -> Json:
    """The value of an alternative that has no places."""
    return option.make(Body(Memory(NOWHERE), Plainest((), Counter())))
