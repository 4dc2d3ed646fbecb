"""Makers of values: an `Alternative` calls one to make its part of a body."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from contract_tests.target.limits import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from contract_tests.plan.choices import ChoicePoint, Draft
    from spec.json_value import Json

    Maker = Callable[[Draft], Json]

MAP_KEYS: Final = ("a", "é", "X-B c")
"""The keys of maps that leave open which they have."""
_MOST_DRAWN: Final = 20
"""How often an item is drawn until it differs from those before it."""


def always(value: object) -> Maker:
    """Makes the same value in every body."""
    return lambda _: value


def checked(make: Maker, is_valid: Callable[[Json], bool], sure: Json) -> Maker:
    """Makes what another maker does, or a value that is sure to be valid in place of one that is not."""
    return partial(_checked, make=make, is_valid=is_valid, sure=sure)


def object_of(fields: Mapping[str, ChoicePoint]) -> Maker:
    """Makes an object of the fields that are not absent."""
    return partial(_object_of, fields=fields)


def map_of(value: ChoicePoint, keys: Sequence[str] = MAP_KEYS) -> Maker:
    """Makes a map with several keys."""
    return lambda draft: {key: draft.fill(value) for key in keys}


def array_of(items: Sequence[ChoicePoint], number: int) -> Maker:
    """Makes an array of a number of items that differ, as far as there are different ones. The last point repeats."""
    return partial(_array_of, points=[items[min(index, len(items) - 1)] for index in range(number)])


def array_of_every(item: ChoicePoint) -> Maker:
    """Makes an array of every item that is not too large. None counts as tried by it: one may hide behind another."""
    return partial(_array_of_every, item=item)


def _checked(draft: Draft, make: Maker, is_valid: Callable[[Json], bool], sure: Json) -> Json:
    before = draft.mark()
    value = make(draft)
    if is_valid(value):
        return value
    draft.forget_since(before)
    return sure


def _object_of(draft: Draft, fields: Mapping[str, ChoicePoint]) -> Json:
    values = {name: draft.fill(point) for name, point in fields.items()}
    return {name: value for name, value in values.items() if value is not ABSENT}


def _array_of(draft: Draft, points: Sequence[ChoicePoint]) -> Json:
    items: list[Json] = []
    for point in points:
        drawn = (draft.fill(point) for _ in range(_MOST_DRAWN))
        first = next(drawn)
        items.append(next((value for value in chain([first], drawn) if value not in items), first))
    return items


def _array_of_every(draft: Draft, item: ChoicePoint) -> Json:
    alternatives = [alternative for alternative in item.alternatives if not alternative.is_rare]
    draft.add(alternative.choice for alternative in alternatives if alternative.choice)
    return [alternative.make(draft) for alternative in alternatives]
