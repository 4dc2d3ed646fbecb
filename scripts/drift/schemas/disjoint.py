"""The question whether no value meets two clauses: then branches of a `oneOf` are those of an `anyOf`."""

from __future__ import annotations

import json
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, Protocol

import jsonschema_rs

from scripts.drift.schemas.clauses import contradict
from scripts.drift.schemas.demands import NOT_ON_VALUES, is_on_values
from spec.reader import tokens, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.drift.schemas.clauses import Clause, Form
    from scripts.drift.schemas.demands import Demand
    from scripts.drift.schemas.keywords import Part

Schema = dict[str, Any]


class Forms(Protocol):
    """The normal forms of the schemas of a document (see normal_form.py, which asks this file's questions)."""

    document: Schema

    @property
    def below(self) -> Forms | None:
        """The forms of properties, which look less far themselves: so no circle of schemas is endless."""

    def of(self, part: Part) -> Form:
        """The normal form of a part."""


def disjoint(forms: Forms, first: Clause, second: Clause) -> bool:
    """True if it can be shown that no value meets both clauses, as far down as the forms look."""
    if first.kind != second.kind:
        return True
    if contradict(first, second) or _lacks_members(forms.document, first, second):
        return True
    if first.kind != "object" or forms.below is None:
        return False
    names = {*first.names_required, *second.names_required}
    sides = first.members, second.members
    return any(_exclude_each_other(forms.below, sides[0].of(name), sides[1].of(name)) for name in sorted(names))


def exclusive(forms: Forms, parts: Iterable[Part]) -> bool:
    """True if it can be shown that no value is admitted by two of the parts."""
    return all(_exclude_each_other(forms, one, other) for one, other in combinations(parts, 2))


def _exclude_each_other(forms: Forms, first: Part, second: Part) -> bool:
    return all(disjoint(forms, *pair) for pair in product(forms.of(first), forms.of(second)))


def _lacks_members(document: Schema, first: Clause, second: Clause) -> bool:
    """True if one clause lists its members, and none of them meets the other."""
    for one, other in ((first, second), (second, first)):
        members = one.only("enum")
        demands = [each for each in other.demands if each.keyword == "enum" or is_on_values(each)]
        if members is not None and not any(meets(document, member, *demands) for member in members):
            return True
    return False


def meets(document: Schema, member: str, *demands: Demand) -> bool:
    """True if a member of an enumeration, given as JSON, meets all of some simple demands."""
    return all(_meets(document, member, demand) for demand in demands)


def _meets(document: Schema, member: str, demand: Demand) -> bool:
    if demand.keyword in NOT_ON_VALUES:
        return False
    if demand.keyword == "enum":
        return member in demand.value
    schema = {tokens(demand.pointer)[-1]: value_or_absent(document, demand.pointer)}
    return jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(json.loads(member))
