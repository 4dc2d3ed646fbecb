"""The clauses of two normal forms, brought together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scripts.drift.schemas.keywords import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.drift.schemas.clauses import Clause, Form
    from scripts.drift.schemas.relation import Relation


@dataclass
class Matched:
    """Clauses that stand for one another, and those that only the base (`lost`) or only the spec (`gained`) has."""

    pairs: list[tuple[Clause, Clause]] = field(default_factory=list)
    lost: list[Clause] = field(default_factory=list)
    gained: list[Clause] = field(default_factory=list)


def match(relation: Relation, base: Form, new: Form) -> Matched:
    """Pairs clauses of one JSON type: equal ones first, then those from one place, then the rest in order."""

    def is_same(old: Clause, now: Clause) -> bool:
        return relation.clause_implies(old, now) and relation.reverse.clause_implies(now, old)

    matched = Matched()
    for kind in KINDS:
        lost, gained = ([clause for clause in form if clause.kind == kind] for form in (base, new))
        for is_pair in (is_same, _is_from_one_place, lambda _, __: True):
            matched.pairs += _take(lost, gained, is_pair)
        matched.lost += lost
        matched.gained += gained
    return matched


def _take(
    lost: list[Clause], gained: list[Clause], is_pair: Callable[[Clause, Clause], bool]
) -> list[tuple[Clause, Clause]]:
    """Takes the pairs that belong together out of both lists."""
    pairs: list[tuple[Clause, Clause]] = []
    for old in [*lost]:
        now = next((clause for clause in gained if is_pair(old, clause)), None)
        if now is not None:
            lost.remove(old)
            gained.remove(now)
            pairs.append((old, now))
    return pairs


def _is_from_one_place(old: Clause, now: Clause) -> bool:
    return bool(old.origin) and old.origin == now.origin and old.sources[-1:] == now.sources[-1:]
