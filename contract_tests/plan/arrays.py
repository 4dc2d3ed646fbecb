"""The alternatives of arrays: empty, of one item, of two that differ, or with items at their positions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from contract_tests.plan.choices import Alternative, ChoicePoint
from contract_tests.plan.making import always, array_of, array_of_every
from contract_tests.plan.merged import WHOLE
from contract_tests.plan.values import FREE_FORM, HEAVIEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_tests.plan.choices import Choice
    from contract_tests.plan.reading import Parts, Reading
    from contract_tests.plan.spot import Spot
    from spec.json_value import Json

_FEW_ITEMS: Final = 3
"""How many items an array may have, whatever their weight."""


class Arrays:
    """Reads the schemas of arrays."""

    def __init__(self, reading: Reading, parts: Parts) -> None:
        self._reading = reading
        self._parts = parts

    def read(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """The alternatives of an array."""
        if "prefixItems" in schema or "contains" in schema:
            yield from self._with_positions(spot, schema)
            return
        if not schema.get("minItems"):
            yield Alternative(self._choice(spot, "empty array"), always([]))
            if self._reading.is_too_deep(spot):
                self._reading.leave_out()
                return
        yield from self._filled(spot, schema)

    def _choice(self, spot: Spot, value: str) -> Choice:
        return self._reading.choice(spot.path, value, f"{spot.pointer}/type")

    def _filled(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """Arrays of one item, of two, and of each that there is; none if no item can be made."""
        shortest, longest = int(schema.get("minItems", 0)), schema.get("maxItems", float("inf"))
        if item := self._item(spot, schema, 0):
            # What is tried in the first item is tried in a later one too: servers may treat them differently.
            later = self._item(spot, schema, 1) or item
            for number, name in sorted({shortest: str(shortest), 1: "one", 2: "two that differ"}.items()):
                weight = number * item.weight
                if max(shortest, 1) <= number <= longest and (number <= _FEW_ITEMS or weight <= HEAVIEST):
                    choice, items = self._choice(spot, f"array of {name}"), (item, later)[:number]
                    yield Alternative(choice, array_of(items, number), items, weight=weight)
            if _is_flat(item) and shortest <= len(item.alternatives) <= longest:
                yield Alternative(self._choice(spot, "array of every item"), array_of_every(item))

    def _item(self, spot: Spot, schema: Mapping[str, Json], index: int) -> ChoicePoint | None:
        """The choice point of an array's first or later items; None if no item can be made."""
        if "items" not in schema:
            return _anything()
        return self._point(spot.within("items", path=f"{spot.path}[{index}]"))

    def _point(self, spot: Spot) -> ChoicePoint | None:
        found = self._parts.allowed(spot)
        return ChoicePoint(found) if found else None

    def _with_positions(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """Arrays whose items have schemas of their own: by their positions, or because the array contains such."""
        if not schema.get("minItems") and not schema.get("minContains", "contains" in schema):
            yield Alternative(self._choice(spot, "empty array"), always([]))
        points = list(self._positions(spot, schema))
        items = tuple(point for point in points if point)
        if items and None not in points and sum(point.weight for point in items) <= HEAVIEST:
            yield Alternative(self._choice(spot, f"array of {len(items)}"), array_of(items, len(items)), items)

    def _positions(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[ChoicePoint | None]:
        """The choice points of the items: those with a position, then those that the array must have besides."""
        prefix = [spot.within("prefixItems", str(index)) for index, _ in enumerate(schema.get("prefixItems", ()))]
        prefix = prefix[: int(schema.get("maxItems", len(prefix)))]
        for index, inner in enumerate(prefix):
            yield self._point(replace(inner, path=f"{spot.path}[{index}]", depth=spot.depth + 1))
        contained = int(schema.get("minContains", 1)) if "contains" in schema else 0
        further = max(contained, int(schema.get("minItems", 0)) - len(prefix))
        if further > HEAVIEST:
            yield None
            return
        for number in range(further):
            item = replace(spot, path=f"{spot.path}[{len(prefix) + number}]", depth=spot.depth + 1)
            yield self._position(item, schema, is_contained=number < contained)

    def _position(self, item: Spot, schema: Mapping[str, Json], *, is_contained: bool) -> ChoicePoint | None:
        """The choice point of an item that has no position of its own."""
        keywords = [each for each in ("items", *(["contains"] if is_contained else [])) if each in schema]
        if not keywords:
            return _anything()
        found = tuple(self._parts.merged(item, *((f"{item.pointer}/{keyword}", WHOLE) for keyword in keywords)))
        return ChoicePoint(found) if found else None


def _anything() -> ChoicePoint:
    return ChoicePoint((Alternative(None, always(FREE_FORM)),))


def _is_flat(item: ChoicePoint) -> bool:
    """Tells whether every alternative is a choice without choice points of its own."""
    return all(each.choice and not each.points for each in item.alternatives)
