"""Shapes of a request, and every three of its parts together: a covering array of strength 3.

A factor is a part that shapes the request: a branch at any depth, an array or a map that is empty or filled at any
depth, and on the top two levels whether a field is there, absent or null. A body gives each factor that it has one
value. Kuhn, Wallace and Gallo (2004) found that nearly all faults of software take three or fewer values together.

Sets of values are kept as bits of a number, for they are compared often. So are sets of pairs: bit `one * N + other`
stands for the values number `one` and `other` of N.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from random import Random

    from contract_tests.plan.choices import Alternative, ChoicePoint

_TOP: Final = 2
"""How many levels of fields are looked at for being there, absent or null."""
_ATTEMPTS: Final = 24
"""Of how many candidates the best one becomes a shape."""
_PAIR: Final = 60
"""How much more a new pair is worth than a new combination of three, as long as choices are untried."""
_PAIR_BESIDE_OTHERS: Final = 20
"""How much more it is worth where pairs get bodies of their own at the end."""
_FIRST_PAIR: Final = 100
"""How much more it is worth then."""
_OUTER: Final = 10
"""How much more a new pair of two values on the top levels is worth than any other new pair."""
_MISSING: Final = frozenset({"absent", "null"})
_EMPTY: Final = frozenset({"empty array", "empty map", "empty object"})


@dataclass(frozen=True)
class _Value:
    """A value of a factor."""

    factor: int
    way: int
    """The values that it takes to get there, itself included."""


class Shapes:
    """The factors of a request, and their values."""

    def __init__(self, root: ChoicePoint) -> None:
        self.outer = 0
        """The values of the factors on the top levels."""
        self.bit: dict[Alternative, int] = {}
        """The value that each alternative stands for; those that are not here stand for none."""
        self.values: list[_Value] = []
        self.names: list[tuple[str, str]] = []
        """The place and the name of each value, for people."""
        self._factors = 0
        self._walk(root, 0, 0, set())

    @cached_property
    def compatible(self) -> list[int]:
        """For each value, those of other factors that a body can have beside it."""
        return [self._union(bit for bit, other in self._numbered if self._agree(value, other)) for value in self.values]

    @cached_property
    def alternatives(self) -> list[int]:
        """The values of each factor, the outer factors first."""
        return [
            self._union(bit for bit, value in self._numbered if value.factor == factor)
            for factor in range(self._factors)
        ]

    @cached_property
    def _numbered(self) -> list[tuple[int, _Value]]:
        return [(1 << index, value) for index, value in enumerate(self.values)]

    def _walk(self, point: ChoicePoint, depth: int, way: int, seen: set[int]) -> None:
        """Finds the factors at a choice point and below it."""
        if id(point) in seen:  # of an array of one and of one of two, the first items are the same
            return
        seen.add(id(point))
        known = len(self.values)
        ways = self._add_factor(point, depth, way)
        if depth <= _TOP:
            self.outer |= (1 << len(self.values)) - (1 << known)
        for alternative in point.alternatives:
            is_array = alternative.choice is not None and alternative.choice.value.startswith("array")
            for inner in alternative.points[:1] if is_array else alternative.points:
                self._walk(inner, depth + 1, ways.get(alternative, way), seen)

    def _add_factor(self, point: ChoicePoint, depth: int, way: int) -> Mapping[Alternative, int]:
        """Adds a choice point's values, if it has more than one. Returns the way by each alternative."""
        labels = {each: _label(each, depth) for each in point.alternatives}
        names = dict.fromkeys(name for name in labels.values() if name)
        if len(names) <= 1:
            return {}
        bits = {name: 1 << (len(self.values) + index) for index, name in enumerate(names)}
        self.values += (_Value(self._factors, way | bits[name]) for name in names)
        self.names += ((_place(point), name) for name in names)
        self._factors += 1
        self.bit |= {each: bits[name] for each, name in labels.items() if name}
        return {each: way | bits[name] for each, name in labels.items() if name}

    def _agree(self, one: _Value, other: _Value) -> bool:
        """Tells whether one body can have both, and they are of two factors."""
        if one.factor == other.factor:
            return False
        both = ((one.way & values, other.way & values) for values in self.alternatives)
        return all(mine == others for mine, others in both if mine and others)

    @staticmethod
    def _union(bits: Iterable[int]) -> int:
        return reduce(or_, bits, 0)


def _place(point: ChoicePoint) -> str:
    """The part of the request that a choice point is about; empty for the body."""
    places = (alternative.choice.place for alternative in point.alternatives if alternative.choice)
    return next(places, "")


def _label(alternative: Alternative, depth: int) -> str | None:
    """The name of the value that an alternative stands for; None if it shapes nothing."""
    value = alternative.choice.value if alternative.choice else ""
    if value in _MISSING:
        return value if depth <= _TOP else None
    if value in _EMPTY or value.startswith(("array", "filled")):
        return "empty" if value in _EMPTY else "filled"
    tags = sorted(str(mark) for mark in alternative.marks if mark.is_tag) if alternative.points else []
    return " ".join(tags) or ("present" if depth <= _TOP else None)


class Triples:
    """The combinations of three values, and which of them bodies have had."""

    def __init__(self, shapes: Shapes, *, favours_pairs: bool = True) -> None:
        self._shapes = shapes
        self._pair, self._outer = (_PAIR, _OUTER) if favours_pairs else (_PAIR_BESIDE_OTHERS, 0)
        self._number = len(shapes.values)
        self._left = [self._pairs_beside(value) for value in range(self._number)]
        """For each value, the pairs of others that no body has had with it."""
        self._apart = list(shapes.compatible)
        """For each value, those that no body has had with it at all."""
        self.total = self._count()

    @property
    def covered(self) -> int:
        """How many combinations bodies have had."""
        return self.total - self._count()

    def __str__(self) -> str:
        return f"{self.covered} of {self.total}"

    def remember(self, shape: int) -> None:
        """Notes the values of a body."""
        pairs = self._pairs_of(shape)
        for value in _indices(shape):
            self._left[value] &= ~pairs
            self._apart[value] &= ~shape

    def give_up(self, values: int) -> None:
        """Leaves out the combinations with values that no body could be made to have."""
        for value in _indices(values):
            self._left[value] = self._apart[value] = 0

    def shape(self, random: Random, worth: Sequence[int] = ()) -> int:
        """The values of a body that is to have as many new combinations as can be; 0 if none is left.

        `worth` says how many combinations each value is worth besides.
        """
        start = self._start(worth)
        if not start:
            return 0
        shapes = (self._complete(start, random, worth) for _ in range(_ATTEMPTS))
        return max(shapes, key=lambda shape: self._total_gain(shape, worth))

    def _start(self, worth: Sequence[int]) -> int:
        """The value that is worth most, with what it takes to get there; else the two that most need a body."""
        values = self._shapes.values
        if any(worth):
            return values[max(range(len(values)), key=worth.__getitem__)].way
        pairs = ((one, other) for one in range(len(values)) for other in range(one))
        one, other = max(pairs, key=self._need, default=(0, 0))
        return values[one].way | values[other].way if values and self._thirds_left(one, other) else 0

    def _need(self, pair: tuple[int, int]) -> tuple[bool, int]:
        """How much two values need a body that has both: one that is the first most."""
        one, other = pair
        left = self._thirds_left(one, other).bit_count()
        return bool(left and self._apart[one] >> other & 1), left

    def _thirds_left(self, one: int, other: int) -> int:
        return self._left[one] >> other * self._number & ((1 << self._number) - 1)

    def _pairs_beside(self, value: int) -> int:
        """The pairs that a body can have beside a value."""
        compatible = self._shapes.compatible
        others = _indices(compatible[value])
        return sum((compatible[value] & compatible[other]) << other * self._number for other in others)

    def _pairs_of(self, shape: int) -> int:
        """All pairs of the values of a shape."""
        return shape * self._firsts(shape)  # a copy of the shape at each of its values: that is how bits are multiplied

    def _firsts(self, shape: int) -> int:
        """The bit of each value of a shape where its pairs begin."""
        return sum(1 << value * self._number for value in _indices(shape))

    def _count(self) -> int:
        return sum(pairs.bit_count() for pairs in self._left) // 6

    def _complete(self, shape: int, random: Random, worth: Sequence[int]) -> int:
        """A shape with a value of each factor that it can have, chosen one after the other, in any order."""
        factors = self._shapes.alternatives
        compatible, firsts = self._beside(shape), self._firsts(shape)
        for values in random.sample(factors, len(factors)):
            if compatible & values and not shape & values:
                way = self._shapes.values[self._best(compatible & values, shape, shape * firsts, worth)].way
                compatible &= self._beside(way & ~shape)
                firsts |= self._firsts(way & ~shape)
                shape |= way
        return shape

    def _beside(self, shape: int) -> int:
        """The values that a body can have beside all those of a shape."""
        return reduce(and_, (self._shapes.compatible[value] for value in _indices(shape)), (1 << self._number) - 1)

    def _best(self, values: int, shape: int, pairs: int, worth: Sequence[int]) -> int:
        """The value that a shape with these pairs gains most by."""
        return max(_indices(values), key=lambda value: self._gain(value, shape, pairs, worth))

    def _total_gain(self, shape: int, worth: Sequence[int]) -> int:
        pairs = self._pairs_of(shape)
        return sum(self._gain(value, shape, pairs, worth) for value in _indices(shape))

    def _gain(self, value: int, shape: int, pairs: int, worth: Sequence[int]) -> int:
        """How many new combinations a value makes with those of a shape, and what it is worth besides."""
        apart = self._apart[value] & shape
        triples = (self._left[value] & pairs).bit_count()
        outer = (apart & self._shapes.outer).bit_count() if self._shapes.outer >> value & 1 else 0
        each = apart.bit_count() + self._outer * outer
        return triples + (self._pair * each + worth[value] if worth else _FIRST_PAIR * each)


def _indices(bits: int) -> Iterator[int]:
    """The positions of the bits that are set."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
