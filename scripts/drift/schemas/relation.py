"""The relation of two schemas: is every value that one admits admitted by the other too?

The answer "yes" is certain. "No" means that it could not be shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scripts.drift.schemas.answers import Answers
from scripts.drift.schemas.clauses import Clause
from scripts.drift.schemas.disjoint import meets
from scripts.drift.schemas.keywords import SIMPLE, Contains
from scripts.drift.schemas.sizes import possible_names, required_by, size_of, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scripts.drift.schemas.demands import Demand
    from scripts.drift.schemas.keywords import Part
    from scripts.drift.schemas.normal_form import Forms


class Question(NamedTuple):
    """Does the right part of a relation admit all values that the left part admits?"""

    relation: Relation
    left: Part
    right: Part


@dataclass(frozen=True)
class Relation:
    """Decides whether values that `left` admits are admitted by `right`, the forms of two documents or of one."""

    left: Forms
    right: Forms
    answers: Answers[Question] = field(default_factory=lambda: Answers(_answer), compare=False, repr=False)
    """The answers so far. A recursive question is answered with yes: a value ends somewhere, so induction holds."""

    @cached_property
    def reverse(self) -> Relation:
        """The relation of the right side to the left one."""
        return Relation(self.right, self.left, self.answers)

    def implies(self, first: Part, second: Part) -> bool:
        """True if all values that the left part admits are admitted by the right part."""
        return self.answers.of(Question(self, self.left.canonical(first), self.right.canonical(second)))

    def is_same(self, first: Part, second: Part) -> bool:
        """True if both parts admit the same values."""
        return self.implies(first, second) and self.reverse.implies(second, first)

    def is_admitted(self, clause: Clause, part: Part) -> bool:
        """True if each value of a left clause is admitted by the right part."""
        return all(
            any(self.clause_implies(one, other) for other in self.right.of(part) if other.kind == one.kind)
            for one in _one_by_one(clause)
        )

    def clause_implies(self, first: Clause, second: Clause) -> bool:
        """True if all values that meet the left clause meet the right one. What cannot be judged must be the same."""
        if not size_of(self.left, first).is_possible:
            return True
        unjudged = [{each.value for each in clause.stated.get("unjudged", ())} for clause in (first, second)]
        return unjudged[0] == unjudged[1] and all(self.demand_implied(first, demand) for demand in second.demands)

    def demand_implied(self, clause: Clause, demand: Demand) -> bool:
        """True if all values that meet the left clause meet a demand of the right side."""
        if demand.keyword in SIMPLE:
            return self._simple_implied(clause, demand)
        return _STRUCTURED[demand.keyword](self, clause, demand.value)

    def _simple_implied(self, clause: Clause, demand: Demand) -> bool:
        rule = SIMPLE[demand.keyword]
        if any(rule.implies(mine.value, demand.value) for mine in clause.stated.get(demand.keyword, ())):
            return True
        if demand.keyword in _OF_SIZES and _OF_SIZES[demand.keyword](self.left, clause, demand.value):
            return True
        values = values_of(self.left, clause)
        return values is not None and all(meets(self.right.document, value, demand) for value in values)

    def unmatched(self, mine: tuple[Part, ...], branches: tuple[Part, ...]) -> tuple[list[Part], list[Part]]:
        """The left and the right branches that have no equal one on the other side."""
        left, right = list(mine), list(branches)
        for branch in mine:
            same = next((other for other in right if self.is_same(branch, other)), None)
            if same is not None:
                left.remove(branch)
                right.remove(same)
        return left, right


def _answer(question: Question) -> bool:
    relation, first, second = question
    return all(relation.is_admitted(clause, second) for clause in relation.left.of(first))


def _one_by_one(clause: Clause) -> Iterator[Clause]:
    """Yields a clause for each member of an enumeration, or else the clause itself."""
    listed = clause.only("enum")
    if listed is None:
        yield clause
        return
    for member in listed:
        demands = tuple(each._replace(value=(member,)) if each.keyword == "enum" else each for each in clause.demands)
        yield Clause(clause.kind, demands, clause.sources, clause.origin)


def _members(relation: Relation, clause: Clause, value: Any) -> bool:  # noqa: ANN401 - as the table has it
    mine, required = clause.members, required_by(clause)
    if size_of(relation.left, clause).most == len(required):  # there can be no other property
        return all(relation.implies(mine.of(name), value.of(name)) for name in sorted(required))
    names = {**mine.names, **value.names}
    return (
        all(relation.implies(mine.of(name), value.of(name)) for name in names)
        and all(
            relation.implies(mine.patterns.get(pattern, ()) + mine.unmatched(frozenset()), part)
            for pattern, part in value.patterns.items()
        )
        and all(relation.implies(mine.unmatched(patterns), part) for patterns, part in value.rest.items())
    )


def _elements(relation: Relation, clause: Clause, value: Any) -> bool:  # noqa: ANN401
    mine = clause.elements
    longest = max(len(mine.prefix), len(value.prefix))
    positions = range(int(min(longest + 1, size_of(relation.left, clause).most)))
    return all(relation.implies(mine.of(index), value.of(index)) for index in positions)


def _names(relation: Relation, clause: Clause, part: Part) -> bool:
    has_none = size_of(relation.left, clause).most == 0
    return has_none or relation.implies(clause.only("propertyNames") or (), part)


def _by_name(relation: Relation, clause: Clause, value: dict[str, Part]) -> bool:
    mine = clause.only("dependentSchemas") or {}
    return all(relation.implies(mine.get(name, ()), part) for name, part in value.items())


def _contains(relation: Relation, clause: Clause, value: Contains) -> bool:
    demands = [demand.value for demand in clause.stated.get("contains", ())]
    least = value.least == 0 or any(
        mine.least >= value.least and relation.implies(mine.part, value.part) for mine in demands
    )
    most = (
        value.most is None
        or size_of(relation.left, clause).most <= value.most
        or any(
            mine.most is not None and mine.most <= value.most and relation.reverse.implies(value.part, mine.part)
            for mine in demands
        )
    )
    return least and most


def _negation(relation: Relation, clause: Clause, part: Part) -> bool:
    return any(relation.reverse.implies(part, demand.value) for demand in clause.stated.get("not", ()))


def _condition(relation: Relation, clause: Clause, value: Any) -> bool:  # noqa: ANN401
    return any(
        relation.is_same(mine.value.condition, value.condition)
        and relation.implies(mine.value.then, value.then)
        and relation.implies(mine.value.otherwise, value.otherwise)
        for mine in clause.stated.get("if", ())
    )


def _choice(relation: Relation, clause: Clause, branches: tuple[Part, ...]) -> bool:
    """Overlapping branches of a `oneOf` are implied by the same ones only: a value must fit no second one."""
    return any(
        len(mine.value) == len(branches) and not relation.unmatched(mine.value, branches)[1]
        for mine in clause.stated.get("oneOf", ())
    )


def _union(relation: Relation, clause: Clause, branches: tuple[Part, ...]) -> bool:
    return any(
        all(any(relation.implies(branch, other) for other in branches) for branch in mine.value)
        for mine in clause.stated.get("anyOf", ())
    )


def _is_required(forms: Forms, clause: Clause, name: str) -> bool:
    """Tells whether all objects of a clause have a property: also where they must have all that they may have."""
    possible = possible_names(forms, clause) or set()
    has_all = name in possible and size_of(forms, clause).least >= len(possible)
    return has_all or name in required_by(clause)


def _is_required_with(forms: Forms, clause: Clause, names: tuple[str, str]) -> bool:
    """Tells whether objects of a clause that have a first property have a second one."""
    name, needed = names
    possible = possible_names(forms, clause)
    is_absent = possible is not None and name not in possible
    return name == needed or is_absent or needed in required_by(clause)


_OF_SIZES: Final[dict[str, Callable[[Forms, Clause, Any], bool]]] = {
    **dict.fromkeys(("minItems", "minProperties"), lambda forms, clause, least: size_of(forms, clause).least >= least),
    **dict.fromkeys(("maxItems", "maxProperties"), lambda forms, clause, most: size_of(forms, clause).most <= most),
    "uniqueItems": lambda forms, clause, _: size_of(forms, clause).most <= 1,
    "required": _is_required,
    "dependentRequired": _is_required_with,
}
"""Demands that may follow from the sizes and the names that other demands allow."""
_STRUCTURED: Final[dict[str, Callable[[Relation, Clause, Any], bool]]] = {
    "properties": _members,
    "items": _elements,
    "propertyNames": _names,
    "contentSchema": lambda relation, clause, part: relation.implies(clause.only("contentSchema") or (), part),
    "dependentSchemas": _by_name,
    "contains": _contains,
    "not": _negation,
    "if": _condition,
    "oneOf": _choice,
    "anyOf": _union,
}
