"""Domains: the values that schemas admit, as far as that is needed to tell that two can never be equal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from spec.document import reference
from spec.reader import ABSENT, escape, value_or_absent

if TYPE_CHECKING:
    from spec.json_value import Json

Domain = Mapping[str, frozenset[str] | None]
"""The kinds of values that are admitted. Of each kind the members, as JSON; None if it has no list of them."""
ANYTHING: Final[Domain] = dict.fromkeys(("array", "boolean", "null", "number", "object", "string"))
NULL: Final[Domain] = {"null": None}
_BRANCHES: Final = ("anyOf", "oneOf")
_PARTS: Final = ("if", "then", "else")
_LISTS: Final = ("allOf", *_BRANCHES)


def of_value(value: Json) -> Domain:
    """The domain of one value."""
    same = int(value) if isinstance(value, float) and value.is_integer() else value  # 1.0 is 1
    return {_kind(value): frozenset([json.dumps(same, sort_keys=True)])}


def domain_at(document: Mapping[str, Any], pointer: str, above: frozenset[str] = frozenset()) -> Domain:
    """The domain of the schema that a pointer leads to. It may be larger than the schema, never smaller."""
    schema = value_or_absent(document, pointer)
    if not isinstance(schema, dict) or pointer in above:
        return ANYTHING
    found = [_own(schema)]
    inner = above | {pointer}
    if target := reference(schema):
        found.append(domain_at(document, target, inner))
    found += [domain_at(document, place, inner) for place in _listed(schema, pointer, "allOf")]
    for keyword in _BRANCHES:
        if branches := _listed(schema, pointer, keyword):
            found.append(reduce(union, (domain_at(document, place, inner) for place in branches)))
    return reduce(_intersection, found)


def union(first: Domain, second: Domain) -> Domain:
    """The domain of what either admits."""
    return {**first, **second, **{kind: _either(first[kind], second[kind]) for kind in first.keys() & second.keys()}}


def overlap(first: Domain, second: Domain) -> bool:
    """True if a value may be in both."""
    return bool(_intersection(first, second))


def find_field(document: Mapping[str, Any], schemas: Iterable[str], names: Iterable[str]) -> list[str] | None:
    """The pointers of the schemas of a field below some schemas; `*` stands for the items of an array.

    Returns:
        None if a schema on the way leaves open which fields there are; no pointers if none of them has the field.
    """
    found = list(schemas)
    for name in names:
        around = [place for pointer in found for place in _around(document, pointer)]
        below = [place for pointer in around for place in _below(document, pointer, name)]
        if not below and any(_is_open(document, pointer) for pointer in around):
            return None
        found = list(dict.fromkeys(below))
    return found


def _own(schema: Mapping[str, Any]) -> Domain:
    """The domain of the keywords of a schema that speak of values themselves."""
    found = ANYTHING
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        found = dict.fromkeys("number" if kind == "integer" else str(kind) for kind in types)
    members = [schema["const"]] if "const" in schema else schema.get("enum")
    if isinstance(members, list):
        found = _intersection(found, reduce(union, map(of_value, members), {}))
    return found


def _intersection(first: Domain, second: Domain) -> Domain:
    both = {kind: _both(first[kind], second[kind]) for kind in first if kind in second}
    return {kind: members for kind, members in both.items() if members is None or members}


def _either(first: frozenset[str] | None, second: frozenset[str] | None) -> frozenset[str] | None:
    return None if first is None or second is None else first | second


def _both(first: frozenset[str] | None, second: frozenset[str] | None) -> frozenset[str] | None:
    return second if first is None else first if second is None else first & second


def _kind(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    kinds = ((str, "string"), (list, "array"), (dict, "object"))
    return next((kind for each, kind in kinds if isinstance(value, each)), "null")


def _around(document: Mapping[str, Any], pointer: str) -> Iterator[str]:
    """Yields the schemas that may speak of an instance of a schema: itself, its branches, and what it refers to."""
    waiting, seen = [pointer], set[str]()
    while waiting:
        place = waiting.pop(0)
        schema = value_or_absent(document, place)
        if place in seen or schema is ABSENT:
            continue
        seen.add(place)
        yield place
        if isinstance(schema, dict):
            waiting += filter(None, [reference(schema)])
            waiting += [inner for keyword in _LISTS for inner in _listed(schema, place, keyword)]
            waiting += [f"{place}/{keyword}" for keyword in _PARTS if keyword in schema]
            waiting += [f"{place}/dependentSchemas/{escape(name)}" for name in schema.get("dependentSchemas", {})]


def _below(document: Mapping[str, Any], pointer: str, name: str) -> Iterator[str]:
    """Yields the schemas that one schema by itself has for a field, or for items."""
    schema = value_or_absent(document, pointer)
    if not isinstance(schema, dict):
        return
    if name == "*":
        yield from [f"{pointer}/items"] if "items" in schema else []
        yield from _listed(schema, pointer, "prefixItems")
    elif name in schema.get("properties", {}):
        yield f"{pointer}/properties/{escape(name)}"
    elif isinstance(schema.get("additionalProperties"), dict):
        yield f"{pointer}/additionalProperties"


def _is_open(document: Mapping[str, Any], pointer: str) -> bool:
    """True if a schema admits objects or arrays, and says nothing of what is in them."""
    schema = value_or_absent(document, pointer)
    if schema is True:
        return True
    if not isinstance(schema, dict):
        return False
    says = {"$ref", *_LISTS, *_PARTS, "properties", "items", "prefixItems", "enum", "const"}
    is_free = says.isdisjoint(schema) and schema.get("additionalProperties") is not False
    return (is_free or "patternProperties" in schema or schema.get("additionalProperties") is True) and overlap(
        _own(schema), {"array": None, "object": None}
    )


def _listed(schema: Mapping[str, Any], pointer: str, keyword: str) -> list[str]:
    items = schema.get(keyword)
    return [f"{pointer}/{keyword}/{index}" for index, _ in enumerate(items)] if isinstance(items, list) else []
