"""The demands of the keywords of a schema, and how those on one value are merged."""

from __future__ import annotations

import json
from functools import reduce
from math import ceil, floor
from operator import add
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scripts.drift.schemas.keywords import SIMPLE, Bound, Conditional, Contains, Elements, Members, role_of, unique
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.drift.schemas.keywords import Part
    from spec.json_value import Json

Schema = dict[str, Any]

ALL_MEMBERS: Final = {"null": {"null"}, "boolean": {"false", "true"}}
_BOUNDS: Final = {
    "minimum": ("minimum", False),
    "exclusiveMinimum": ("minimum", True),
    "maximum": ("maximum", False),
    "exclusiveMaximum": ("maximum", True),
}
_OBJECT: Final = {"properties", "patternProperties", "additionalProperties"}
_ARRAY: Final = {"prefixItems", "items"}
NOT_ON_VALUES: Final = {"contentEncoding", "contentMediaType", "unjudged"}
_PARTS: Final = {"propertyNames", "contentSchema", "not"}


class Demand(NamedTuple):
    """A demand on values of a JSON type, under the keyword that states it in the normal form, and its pointer."""

    keyword: str
    value: Any
    pointer: str


def read_demands(pointer: str, schema: Schema) -> Iterator[Demand]:
    """Yields the demands of the keywords that a schema itself has."""
    for keyword, value in schema.items():
        where = f"{pointer}/{escape(keyword)}"
        if keyword in _BOUNDS:
            yield Demand(_BOUNDS[keyword][0], Bound(value, _BOUNDS[keyword][1]), where)
        elif keyword in {"enum", "const"}:
            members = value if keyword == "enum" else [value]
            yield Demand("enum", tuple(dict.fromkeys(map(text_of, members))), where)
        elif keyword == "required":
            yield from (Demand(keyword, name, where) for name in value)
        elif keyword == "dependentRequired":
            yield from (Demand(keyword, (name, needed), where) for name, all_ in value.items() for needed in all_)
        elif keyword == "dependentSchemas":
            yield Demand(keyword, {name: (f"{where}/{escape(name)}",) for name in value}, where)
        elif keyword in _PARTS:
            yield Demand(keyword, (where,), where)
        elif keyword in SIMPLE and keyword != "type" and value != SIMPLE[keyword].nothing:
            yield Demand(keyword, value, where)
        elif role_of(keyword, value) == "unjudged":
            yield Demand("unjudged", (keyword, text_of(value)), where)
    yield from _of_members(pointer, schema)
    yield from _of_elements(pointer, schema)
    yield from _of_condition(pointer, schema)


def _of_members(pointer: str, schema: Schema) -> Iterator[Demand]:
    if not schema.keys() & _OBJECT:
        return
    maps = [schema.get(keyword, {}) for keyword in ("properties", "patternProperties")]
    names: dict[str, Part] = {name: (f"{pointer}/properties/{escape(name)}",) for name in maps[0]}
    patterns: dict[str, Part] = {each: (f"{pointer}/patternProperties/{escape(each)}",) for each in maps[1]}
    rest: dict[frozenset[str], Part] = {}
    if "additionalProperties" in schema:
        rest = {frozenset(patterns): (f"{pointer}/additionalProperties",)}
    first = next(keyword for keyword in schema if keyword in _OBJECT)
    yield Demand("properties", Members(names, patterns, rest), f"{pointer}/{first}")


def _of_elements(pointer: str, schema: Schema) -> Iterator[Demand]:
    if schema.keys() & _ARRAY:
        prefix = tuple((f"{pointer}/prefixItems/{index}",) for index, _ in enumerate(schema.get("prefixItems", ())))
        first = next(keyword for keyword in schema if keyword in _ARRAY)
        rest = (f"{pointer}/items",) if "items" in schema else ()
        yield Demand("items", Elements(prefix, rest), f"{pointer}/{first}")
    least, most = schema.get("minContains", 1), schema.get("maxContains")
    if "contains" in schema and (least or most is not None):
        yield Demand("contains", Contains((f"{pointer}/contains",), least, most), f"{pointer}/contains")


def _of_condition(pointer: str, schema: Schema) -> Iterator[Demand]:
    if "if" in schema and schema.keys() & {"then", "else"}:
        parts = [(f"{pointer}/{keyword}",) if keyword in schema else () for keyword in ("if", "then", "else")]
        yield Demand("if", Conditional(*parts), f"{pointer}/if")


def is_on_values(demand: Demand) -> bool:
    """True if listed members meet the demand or fail it."""
    return demand.keyword in SIMPLE and demand.keyword not in {"enum", *NOT_ON_VALUES}


def merge(keyword: str, demands: list[Demand]) -> list[Demand]:
    """One demand for several of a keyword, or those that no other implies."""
    first = demands[0]
    values = [demand.value for demand in demands]
    if keyword in {"properties", "items"}:
        return [first._replace(value=reduce(add, values))]
    if keyword in {"propertyNames", "contentSchema"}:
        return [first._replace(value=unique(tuple(pointer for part in values for pointer in part)))]
    if keyword == "dependentSchemas":
        names = dict.fromkeys(name for value in values for name in value)
        return [first._replace(value={name: sum((value.get(name, ()) for value in values), ()) for name in names})]
    if keyword == "enum":
        return [first._replace(value=tuple(one for one in first.value if all(one in other for other in values)))]
    kept: list[Demand] = []
    for demand in demands:
        if not any(implies(other, demand) for other in kept):
            kept = [other for other in kept if not implies(demand, other)] + [demand]
    return kept


def implies(first: Demand, second: Demand) -> bool:
    """True if the first of two demands under one keyword implies the second."""
    if first.keyword not in SIMPLE:
        return bool(first.value == second.value)
    return SIMPLE[first.keyword].implies(first.value, second.value)


def whole(demands: list[Demand]) -> list[Demand]:
    """The demands on a number, in the one form that they have for whole numbers."""
    steps = [demand for demand in demands if demand.keyword == "multipleOf" and float(demand.value).is_integer()]
    whole = [demand for demand in demands if demand.keyword == "type"]
    if not (steps or whole):
        return demands
    rest = [demand for demand in demands if demand.keyword != "type" and not _divides_one(demand)]
    integer = whole[0] if whole else steps[0]._replace(keyword="type", value="integer")
    return [integer, *map(_inclusive, rest)]


def _divides_one(demand: Demand) -> bool:
    return demand.keyword == "multipleOf" and SIMPLE["multipleOf"].implies(1, demand.value)


def _inclusive(demand: Demand) -> Demand:
    """A bound of whole numbers as one that is included."""
    if not isinstance(demand.value, Bound):
        return demand
    value, is_exclusive = demand.value
    if demand.keyword == "minimum":
        return demand._replace(value=Bound(floor(value) + 1 if is_exclusive else ceil(value), is_exclusive=False))
    return demand._replace(value=Bound(ceil(value) - 1 if is_exclusive else floor(value), is_exclusive=False))


def kind_of(value: Json) -> str:
    """The JSON type of a value."""
    kinds = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")


def text_of(value: Json) -> str:
    """The value as JSON, the same for equal values: 1 is 1.0, and not true."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
