"""The alternatives of objects: with their fields, with required ones alone, and as maps with keys of any name."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from contract_tests.contract.direction import is_marked
from contract_tests.contract.keywords import matcher
from contract_tests.plan.choices import Alternative, ChoicePoint
from contract_tests.plan.making import always, map_of, object_of
from contract_tests.plan.packing import value_of
from contract_tests.plan.reading import SMALL
from contract_tests.plan.spot import without_branches
from contract_tests.plan.values import FREE_FORM, HEAVIEST, keys_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from contract_tests.plan.choices import Choice
    from contract_tests.plan.reading import Parts, Reading
    from contract_tests.plan.spot import Spot
    from spec.json_value import Json


class Objects:
    """Reads the schemas of objects."""

    def __init__(self, reading: Reading, parts: Parts) -> None:
        self._reading = reading
        self._parts = parts

    def read(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """The alternatives of an object."""
        if schema.get("properties") or schema.get("required"):
            yield from self._with_fields(spot, schema)
            return
        yield Alternative(self._reading.choice(spot.path, "empty map", f"{spot.pointer}/type"), always({}))
        if self._reading.is_too_deep(spot):
            self._reading.leave_out()
        else:
            yield from self._filled_map(spot, schema)

    def _with_fields(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """An object with its fields, and one without those that may be absent."""
        found = {name: self._field(spot, name, schema) for name in self._names_of_fields(spot, schema)}
        fields = {name: point for name, point in found.items() if point}
        required = {name: point for name, point in fields.items() if name in schema.get("required", [])}
        if len(required) < len({*schema.get("required", [])} & found.keys()):
            return  # a field that must be there can have no value
        weight = sum(point.weight for point in fields.values())
        if fields and weight <= HEAVIEST * 20:  # an object with fields is tried with them
            yield Alternative(None, object_of(fields), tuple(fields.values()), weight=weight)
        if not fields or _may_be_bare(spot, fields, required):
            yield self._bare(spot, fields, required)

    def _bare(self, spot: Spot, fields: Mapping[str, ChoicePoint], required: Mapping[str, ChoicePoint]) -> Alternative:
        """The object with its required parts alone."""
        name = "nothing but required fields" if required else "empty object"
        choice = self._reading.choice(spot.path, name, f"{spot.pointer}/properties")
        absent = tuple(choice for point in fields.values() for choice in _absences(point))
        points = tuple(required.values())
        weight = max(sum(point.weight for point in points), 1)
        return Alternative(choice, object_of(required), points, brings=absent, weight=weight)

    def _names_of_fields(self, spot: Spot, schema: Mapping[str, Json]) -> list[str]:
        """The names of the fields that a body may have in its direction, and of undescribed ones that it must have."""
        properties, required = schema.get("properties", {}), schema.get("required", ())
        if self._reading.is_too_deep(spot) and len(required) < len({*properties, *required}):
            self._reading.leave_out()
            properties = {name: properties[name] for name in properties if name in required}
        marked = {name for name in properties if self._is_left_out(spot, name)}
        takes_name = self._takes_name(spot, schema)
        return [name for name in dict.fromkeys([*properties, *required]) if name not in marked and takes_name(name)]

    def _is_left_out(self, spot: Spot, name: str) -> bool:
        """Tells whether a field is only for the other direction."""
        schemas = self._reading.schemas
        inner = schemas.plain(schemas.value(spot.within("properties", name).pointer))
        return is_marked(self._reading.contract.spec.document, inner, self._reading.direction.value)

    def _field(self, spot: Spot, name: str, schema: Mapping[str, Json]) -> ChoicePoint | None:
        """The choice point of a field; None if no value can be made."""
        path, way = f"{spot.path}.{name}" if spot.path else name, _way_to(name, schema)
        inner = spot.within(*way, path=path, owner=self._owner_of_texts(spot, schema))
        if not way:
            inner = replace(inner, pointer=self._reading.schemas.inline({}, f"{spot.pointer}/required"))
        return self._parts.required(inner) if name in schema.get("required", []) else self._parts.optional(inner)

    def _owner_of_texts(self, spot: Spot, schema: Mapping[str, Json]) -> str:
        """The object in which each kind of string is to be tried once.

        A branch that lacks a value of the account has a text less to try them in. It shares them with the others,
        or each would take many bodies.
        """
        limits = self._reading.limits
        lacks = bool(limits.references) and any(
            limits.lacks(f"{spot.location}/{name}") for name in schema.get("properties", ())
        )
        return without_branches(spot.path) if lacks and "(" in spot.path else self._reading.schemas.origin(spot.pointer)

    def _filled_map(self, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
        """A map with keys, whose values have a schema or may be anything; none if it may not have any."""
        for pattern in schema.get("patternProperties", {}):
            inner = spot.within("patternProperties", pattern, path=f"{spot.path}{{}}", owner=spot.pointer)
            yield from self._map(spot, "patternProperties", inner, self._keys(spot, schema, [pattern]))
        others = schema.get("additionalProperties", True)
        if others is not False:
            yield from self._map_of_others(spot, schema, is_free=others is True or others == {})

    def _map_of_others(self, spot: Spot, schema: Mapping[str, Json], *, is_free: bool) -> Iterator[Alternative]:
        """A map with keys that no pattern is about."""
        if is_free and not _limits_keys(schema):
            yield Alternative(self._reading.choice(spot.path, "filled map", f"{spot.pointer}/type"), always(FREE_FORM))
            return
        keys = self._keys(spot, schema, self._patterns_of_names(spot, schema.get("propertyNames")))
        path = f"{spot.path}{{}}"
        if is_free:
            anything = replace(spot, pointer=self._reading.schemas.inline({}, spot.pointer))
            yield from self._map(spot, "type", anything.within(path=path, owner=spot.pointer), keys)
        else:
            keyword = "additionalProperties"
            yield from self._map(spot, keyword, spot.within(keyword, path=path, owner=spot.pointer), keys)

    def _map(self, spot: Spot, keyword: str, inner: Spot, keys: Sequence[str]) -> Iterator[Alternative]:
        """A map whose values have the schema at an inner spot; none if no value can be made."""
        if found := self._parts.allowed(inner):
            choice = self._reading.choice(spot.path, "filled map", f"{spot.pointer}/{keyword}")
            value = ChoicePoint(found)
            yield Alternative(choice, map_of(value, keys), (value,), weight=len(keys) * value.weight)

    def _keys(self, spot: Spot, schema: Mapping[str, Json], patterns: Sequence[str]) -> Sequence[str]:
        """Keys that fit patterns, as few as the map may have."""
        least, most = int(schema.get("minProperties", 0)), schema.get("maxProperties", float("inf"))
        return keys_of(patterns, least, most, self._takes_name(spot, schema))

    def _patterns_of_names(self, spot: Spot, names: Json) -> list[str]:
        """Patterns of keys that `propertyNames` suggests."""
        if not isinstance(names, dict):
            return []
        found = self._parts.allowed(replace(spot, path="", pointer=f"{spot.pointer}/propertyNames"))
        texts = [value_of(each) for each in found if not each.points]
        return [f"^{re.escape(text)}$" for text in texts if isinstance(text, str) and len(text) <= SMALL]

    def _takes_name(self, spot: Spot, schema: Mapping[str, Json]) -> Callable[[str], bool]:
        """A test of keys by `propertyNames`."""
        if "propertyNames" not in schema:
            return lambda _: True
        return partial(self._reading.schemas.is_valid, f"{spot.pointer}/propertyNames")


def _limits_keys(schema: Mapping[str, Json]) -> bool:
    """Tells whether a map may not have just any keys, as many as are usually made."""
    least, most = schema.get("minProperties", 0), schema.get("maxProperties", float("inf"))
    is_named = schema.get("propertyNames") is not None or "patternProperties" in schema
    return is_named or least > len(FREE_FORM) or most < len(FREE_FORM)


def _may_be_bare(spot: Spot, fields: Mapping[str, ChoicePoint], required: Mapping[str, ChoicePoint]) -> bool:
    """Tells whether an object below the body may have its required parts alone."""
    optional = (point for name, point in fields.items() if name not in required)
    return bool(spot.path) and len(fields) > len(required) and all(any(_absences(point)) for point in optional)


def _way_to(name: str, schema: Mapping[str, Json]) -> list[str]:
    """The keywords under which a field's schema stands; none if nothing is said of it."""
    if name in schema.get("properties", {}):
        return ["properties", name]
    pattern = next((each for each in schema.get("patternProperties", {}) if matcher(each)(name)), None)
    if pattern is not None:
        return ["patternProperties", pattern]
    return ["additionalProperties"] if "additionalProperties" in schema else []


def _absences(point: ChoicePoint) -> Iterator[Choice]:
    """The choice that a field is absent, if it may be."""
    return (each.choice for each in point.alternatives if each.choice and each.choice.value == "absent")
