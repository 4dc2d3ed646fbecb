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
from typing import TYPE_CHECKING, Final, NamedTuple

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
        return [self._compatible_with(value) for value in self.values]

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

    def _compatible_with(self, value: _Value) -> int:
        """The values of other factors that a body can have beside one: their ways part nowhere."""
        factors = (values for values in self.alternatives if values & value.way)
        elsewhere = self._union(values & ~value.way for values in factors)
        beside = self._union(bit for bit, other in self._numbered if not other.way & elsewhere)
        return beside & ~self.alternatives[value.factor]

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


class _Part(NamedTuple):
    """A part of a shape: the values that it takes to get to one value, or all that are chosen so far."""

    values: int
    rows: int
    """Where the pairs of each of them begin in a set of pairs: `values * rows` are all pairs of them."""
    beside: int
    """The values that a body can have beside all of them."""


class Triples:
    """The combinations of three values, and which of them bodies have had."""

    def __init__(self, shapes: Shapes, *, favours_pairs: bool = True) -> None:
        self._shapes = shapes
        self._pair, self._outer = (_PAIR, _OUTER) if favours_pairs else (_PAIR_BESIDE_OTHERS, 0)
        self._number = len(shapes.values)
        self._parts = [self._part(value.way) for value in shapes.values]
        """For each value, the part of a shape that leads to it."""
        self._factors = [(values, [*_indices(values)]) for values in shapes.alternatives]
        """The values of each factor, as a set and one by one."""
        self._nothing = [0] * self._number
        self._outer_beside = [shapes.outer if shapes.outer >> value & 1 else 0 for value in range(self._number)]
        """For each value of the top levels, all of them."""
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
        pairs = shape * self._rows(shape)
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
        part = self._part(start)
        shapes = dict.fromkeys(self._complete(part, random, worth) for _ in range(_ATTEMPTS))
        return max(shapes, key=lambda shape: self._total_gain(shape, worth)).values

    def _start(self, worth: Sequence[int]) -> int:
        """The value that is worth most, with what it takes to get there; else the two that most need a body."""
        values = self._shapes.values
        if any(worth):
            return values[max(range(len(values)), key=worth.__getitem__)].way
        pair = self._neediest(self._apart) or self._neediest(self._shapes.compatible)
        return values[pair[0]].way | values[pair[1]].way if pair else 0

    def _neediest(self, others: Sequence[int]) -> tuple[int, int] | None:
        """Of each value with each of its `others`, the two of which most combinations are left; None if none is."""
        pairs = ((one, other) for one in range(self._number) for other in _indices(others[one] & (1 << one) - 1))
        pair = max(pairs, key=self._number_left, default=None)
        return pair if pair and self._number_left(pair) else None

    def _number_left(self, pair: tuple[int, int]) -> int:
        """How many combinations of two values and a third are left."""
        one, other = pair
        return (self._left[one] >> other * self._number & ((1 << self._number) - 1)).bit_count()

    def _pairs_beside(self, value: int) -> int:
        """The pairs that a body can have beside a value."""
        compatible = self._shapes.compatible
        others = _indices(compatible[value])
        return sum((compatible[value] & compatible[other]) << other * self._number for other in others)

    def _count(self) -> int:
        return sum(pairs.bit_count() for pairs in self._left) // 6

    def _part(self, values: int) -> _Part:
        compatible = (self._shapes.compatible[value] for value in _indices(values))
        return _Part(values, self._rows(values), reduce(and_, compatible, (1 << self._number) - 1))

    def _rows(self, values: int) -> int:
        return sum(1 << value * self._number for value in _indices(values))

    def _complete(self, start: _Part, random: Random, worth: Sequence[int]) -> _Part:
        """A shape with a value of each factor that it can have, chosen one after the other, in any order."""
        chosen, rows, beside = start
        for values, members in random.sample(self._factors, len(self._factors)):
            if beside & values and not chosen & values:
                fits_all = beside & values == values
                fitting = members if fits_all else [value for value in members if beside >> value & 1]
                gains = self._gains(fitting, chosen, chosen * rows, worth)
                further = self._parts[fitting[gains.index(max(gains))]]
                chosen, rows, beside = chosen | further.values, rows | further.rows, beside & further.beside
        return _Part(chosen, rows, beside)

    def _total_gain(self, shape: _Part, worth: Sequence[int]) -> int:
        return sum(self._gains(_indices(shape.values), shape.values, shape.values * shape.rows, worth))

    def _gains(self, values: Iterable[int], shape: int, pairs: int, worth: Sequence[int]) -> list[int]:
        """How many new combinations each value makes with those of a shape, and what it is worth besides."""
        left, apart, outer, more = self._left, self._apart, self._outer_beside, self._outer
        weight, besides = (self._pair, worth) if worth else (_FIRST_PAIR, self._nothing)
        return [
            (left[value] & pairs).bit_count()
            + weight * ((new := apart[value] & shape).bit_count() + more * (new & outer[value]).bit_count())
            + besides[value]
            for value in values
        ]


def _indices(bits: int) -> Iterator[int]:
    """The positions of the bits that are set."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
