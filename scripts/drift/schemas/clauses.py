"""Clauses: the demands that values of one JSON type must all meet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from scripts.drift.schemas.demands import implies
from scripts.drift.schemas.keywords import KINDS, Elements, Members, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.drift.schemas.demands import Demand

_OPPOSITES: Final = (("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties"))


@dataclass(frozen=True)
class Clause:
    """The demands on values of one JSON type, all of which must be met."""

    kind: str
    demands: tuple[Demand, ...]
    sources: tuple[str, ...] = ()
    """The pointers of the schemas that it is made of."""
    origin: str = ""
    """The pointer of the `type` or the branch that admits the JSON type; empty where nothing limits types."""

    @cached_property
    def stated(self) -> dict[str, list[Demand]]:
        """The demands by keyword."""
        found: dict[str, list[Demand]] = {}
        for demand in self.demands:
            found.setdefault(demand.keyword, []).append(demand)
        return found

    def only(self, keyword: str) -> Any:  # noqa: ANN401 - each keyword has a type of its own
        """The value of a demand that a clause has once at most, or None."""
        found = self.stated.get(keyword)
        return found[0].value if found else None

    @property
    def names_required(self) -> list[str]:
        """The names of the properties that an object must have."""
        return [demand.value for demand in self.stated.get("required", ())]

    @property
    def members(self) -> Members:
        """The demands on the properties of an object."""
        return self.only("properties") or Members()

    @property
    def elements(self) -> Elements:
        """The demands on the items of an array."""
        return self.only("items") or Elements()


Form = tuple[Clause, ...]
"""The alternatives of a schema. A value is admitted if it meets the demands of any clause of its JSON type."""


def anything() -> Form:
    """The form that admits every value."""
    return tuple(Clause(kind, ()) for kind in KINDS)


def contradict(first: Clause, second: Clause) -> bool:
    """True if a lower bound of one clause is above an upper bound of the other."""
    if _needs_too_much(first, second):
        return True
    pairs = [(one, other) for one, other in ((first, second), (second, first))]
    counted = any(
        low.value > high.value
        for one, other in pairs
        for least, most in _OPPOSITES
        for low, high in product(one.stated.get(least, ()), other.stated.get(most, ()))
    )
    return counted or any(
        low.value.value > high.value.value
        or (low.value.value == high.value.value and (low.value.is_exclusive or high.value.is_exclusive))
        for one, other in pairs
        for low, high in product(one.stated.get("minimum", ()), other.stated.get("maximum", ()))
    )


def _needs_too_much(first: Clause, second: Clause) -> bool:
    """True if two clauses together need more properties or items than one of them allows."""
    names = {*first.names_required, *second.names_required}
    both = (first, second)
    contained = [demand.value.least for clause in both for demand in clause.stated.get("contains", ())]
    needed = {"maxProperties": len(names), "maxItems": max(contained, default=0)}
    return any(
        high.value < least for most, least in needed.items() for one in both for high in one.stated.get(most, ())
    )


def absorbed(clauses: list[Clause]) -> Form:
    """The clauses, without those that others make needless; lists of members are united."""
    kept: list[Clause] = []
    for clause in clauses:
        if not any(_covers(other, clause) for other in kept):
            kept = [other for other in kept if not _covers(clause, other)] + [clause]
    return tuple(_united(kept))


def _covers(first: Clause, second: Clause) -> bool:
    """True if the first clause demands a part of what the second one demands, and nothing else."""
    return first.kind == second.kind and all(
        any(implies(other, demand) for other in second.stated.get(demand.keyword, ())) for demand in first.demands
    )


def _united(clauses: list[Clause]) -> Iterator[Clause]:
    lists = [clause for clause in clauses if [demand.keyword for demand in clause.demands] == ["enum"]]
    for clause in clauses:
        same = [other for other in lists if other.kind == clause.kind]
        if clause not in same or len(same) == 1:
            yield clause
        elif clause is same[0]:
            members = tuple(dict.fromkeys(member for other in same for member in other.only("enum")))
            sources = unique(tuple(source for other in same for source in other.sources))
            yield Clause(clause.kind, (clause.demands[0]._replace(value=members),), sources, clause.origin)
