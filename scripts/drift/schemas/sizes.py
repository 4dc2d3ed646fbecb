"""Facts about the values of a clause that no single keyword states: how large they are, and which they are, if few."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from scripts.drift.schemas.demands import text_of

if TYPE_CHECKING:
    from scripts.drift.schemas.clauses import Clause
    from scripts.drift.schemas.keywords import Part
    from scripts.drift.schemas.normal_form import Forms

_MOST_VALUES: Final = 64
"""The most whole numbers between two bounds that are listed."""
_EMPTY: Final = {"string": '""', "array": "[]", "object": "{}"}
_UNLIMITED: Final = float("inf")


class Size(NamedTuple):
    """The least and the greatest number of items or properties that a value can have."""

    least: float = 0
    most: float = _UNLIMITED

    @property
    def is_possible(self) -> bool:
        """False if no value can have this size."""
        return self.least <= self.most


def size_of(forms: Forms, clause: Clause) -> Size:
    """The size of the arrays, objects or texts of a clause. `forms` are those of its document."""
    if listed := clause.only("enum") if clause.kind in _EMPTY else None:
        sizes = [len(json.loads(member)) for member in listed]
        return Size(min(sizes), max(sizes))
    match clause.kind:
        case "array":
            return _size_of_array(forms, clause)
        case "object":
            return _size_of_object(forms, clause)
        case "string":
            return Size(*_stated(clause, "minLength", "maxLength"))
        case _:
            return Size()


def _size_of_array(forms: Forms, clause: Clause) -> Size:
    least, most = _stated(clause, "minItems", "maxItems")
    contained = [each.value.least for each in clause.stated.get("contains", ())]
    elements = clause.elements
    ends = (index for index in range(len(elements.prefix) + 1) if is_nothing(forms, elements.of(index)))
    return Size(max(least, *contained, 0), min(most, next(ends, _UNLIMITED)))


def _size_of_object(forms: Forms, clause: Clause) -> Size:
    least, most = _stated(clause, "minProperties", "maxProperties")
    names = required_by(clause)
    possible = possible_names(forms, clause)
    most = most if possible is None else min(most, len(possible))
    if any(is_nothing(forms, clause.members.of(name)) for name in names):
        most = -1
    return Size(max(least, len(names)), most)


def required_by(clause: Clause) -> set[str]:
    """The names of the properties that an object must have, those included that others ask for."""
    names, more = set[str](), set(clause.names_required)
    asked = [demand.value for demand in clause.stated.get("dependentRequired", ())]
    while more:
        names |= more
        more = {needed for name, needed in asked if name in names} - names
    return names


def possible_names(forms: Forms, clause: Clause) -> set[str] | None:
    """The names that properties of an object can have; None if that is not limited to some."""
    if is_nothing(forms, clause.only("propertyNames") or ()):
        return set()
    members = clause.members
    if any(not is_nothing(forms, part) for part in (members.unmatched(frozenset()), *members.patterns.values())):
        return None
    return {name for name in members.names if not is_nothing(forms, members.of(name))}


def is_nothing(forms: Forms, part: Part) -> bool:
    """True if no value is admitted by a part."""
    return bool(part) and not forms.of(part)


def values_of(forms: Forms, clause: Clause) -> tuple[str, ...] | None:
    """The values that a clause can have at most, as JSON; None if they are many or unknown."""
    listed: tuple[str, ...] | None = clause.only("enum")
    if listed is not None:
        return listed
    if clause.kind == "number":
        return _numbers(clause)
    return (_EMPTY[clause.kind],) if clause.kind in _EMPTY and size_of(forms, clause).most == 0 else None


def _numbers(clause: Clause) -> tuple[str, ...] | None:
    least, most = (clause.only(keyword) for keyword in ("minimum", "maximum"))
    if least is None or most is None or least.is_exclusive or most.is_exclusive:
        return None
    if least.value == most.value:
        return (text_of(least.value),)
    if "type" not in clause.stated or most.value - least.value >= _MOST_VALUES:
        return None
    return tuple(map(text_of, range(int(least.value), int(most.value) + 1)))


def _stated(clause: Clause, least: str, most: str) -> tuple[float, float]:
    """The bounds that two keywords state."""
    lower, upper = clause.only(least), clause.only(most)
    return (lower or 0), (_UNLIMITED if upper is None else upper)
