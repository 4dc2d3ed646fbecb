"""Schemas read as one: all that `$ref`, `allOf` and the keywords beside them say of a value.

A merged schema gets a JSON Pointer of its own, so that it is read like any schema of the spec. Its subschemas refer to
the spec's, and each of its keywords knows the statement of the spec that it comes from.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from contract_tests.contract.keywords import matcher
from contract_tests.contract.references import is_annotated_only
from spec.reader import escape, target_of, tokens, value_at, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.direction import Direction
    from spec.json_value import Json

    Part = tuple[str, Mapping[str, Any]]
    """A schema without what it refers to, and its pointer."""

Source = tuple[str, frozenset[str]]
"""A schema to merge: its pointer, and those of its keywords that are left out."""
WHOLE: Final[frozenset[str]] = frozenset()
"""No keyword is left out."""
_ROOT: Final = "/ merged/"
"""The beginning of a merged schema's pointer. No OpenAPI document has this key."""
_NEVER: Final[dict[str, Json]] = {"enum": []}
_TYPES: Final = ("object", "array", "string", "number", "integer", "boolean", "null")
_APPLIED: Final = ("$ref", "allOf", "anyOf", "oneOf", "if")
_GREATEST: Final = (
    *("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains", "uniqueItems"),
)
_LEAST: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")
_GROUPS: Final = (("anyOf",), ("oneOf",), ("if", "then", "else"), ("contains",), ("not",), ("pattern",))
"""Keywords of which a schema has one: those of a second one stay apart, in `allOf`."""
_FIELDS: Final = frozenset({"properties", "patternProperties", "additionalProperties", "unevaluatedProperties"})
_ITEMS: Final = frozenset({"prefixItems", "items"})


@dataclass
class _Merged:
    """A merged schema."""

    schema: Json
    conjuncts: tuple[str, ...]
    """The pointers of the spec's schemas that its values have to satisfy."""
    targets: tuple[str, ...] = ()
    """The references that were followed."""
    origins: dict[str, str] = field(default_factory=dict)
    """The statement of the spec that each keyword comes from, as a JSON Pointer."""


class MergedSchemas:
    """Reads the schemas of a contract, those that say one thing in several places as one. Remembers each."""

    def __init__(self, contract: Contract, direction: Direction) -> None:
        self._contract = contract
        self._direction = direction
        self._merged: list[_Merged] = []
        self._known: dict[tuple[Source, ...], str] = {}

    def value(self, pointer: str) -> Json:
        """The schema where a pointer leads."""
        if not pointer.startswith(_ROOT):
            return self._contract.value(pointer)
        merged, rest = self._find(pointer)
        return value_at(merged.schema, rest)

    def origin(self, pointer: str) -> str:
        """The statement of the spec that the value at a pointer comes from."""
        if not pointer.startswith(_ROOT):
            return pointer
        merged, rest = self._find(pointer)
        if rest and (reference := next(_references(value_or_absent(merged.schema, rest)), None)):
            return self.origin(reference)
        keyword, *way = tokens(rest) or [""]
        start = merged.origins.get(keyword) or next(iter(merged.conjuncts), merged.origins.get("", ""))
        return start + "".join(f"/{escape(token)}" for token in way)

    def is_valid(self, pointer: str, value: Json) -> bool:
        """Tells whether a value satisfies the schema at a pointer, in the direction of the body."""
        validators = (self._contract.validator_for(self._direction, each) for each in self.conjuncts(pointer))
        return all(each.is_valid(value) for each in validators)

    def conjuncts(self, pointer: str) -> tuple[str, ...]:
        """The schemas of the spec that a value of the schema at a pointer has to satisfy."""
        if not pointer.startswith(_ROOT):
            return (pointer,)
        merged, rest = self._find(pointer)
        if not rest:
            return merged.conjuncts
        inner = (self.conjuncts(each) for each in _references(value_at(merged.schema, rest)))
        return tuple(dict.fromkeys(each for conjuncts in inner for each in conjuncts))

    def targets(self, pointer: str) -> tuple[str, ...]:
        """The references that were followed in order to merge a schema."""
        return self._find(pointer)[0].targets if pointer.startswith(_ROOT) else ()

    def is_merged(self, pointer: str) -> bool:
        """Tells whether a schema is a merged one itself."""
        return pointer.startswith(_ROOT) and not self._find(pointer)[1]

    def needs_merging(self, pointer: str) -> bool:
        """Tells whether a schema says one thing in several places: by `$ref` or `allOf`, with others beside it."""
        schema = self.value(pointer)
        if not isinstance(schema, dict) or self.is_merged(pointer):
            return False
        stated = {keyword for keyword in schema if not is_annotated_only([keyword])}
        if "allOf" in stated and len(schema["allOf"]) == 1 and len(stated) == 1:
            return False
        return ("$ref" in stated and len(stated) > 1) or "allOf" in stated

    def merge(self, *sources: Source) -> str:
        """The pointer of the schema that says what all sources say."""
        if sources not in self._known:
            self._known[sources] = f"{_ROOT}{len(self._merged)}"
            self._merged.append(self._merge(sources))
        return self._known[sources]

    def inline(self, schema: Json, origin: str) -> str:
        """The pointer of a schema that the spec does not have as such, made of the statement at another pointer."""
        self._merged.append(
            _Merged(schema, (), (), dict.fromkeys(schema, self.origin(origin)) or {"": self.origin(origin)})
        )
        return f"{_ROOT}{len(self._merged) - 1}"

    def plain(self, schema: Json) -> Json:
        """A subschema of a merged schema with references to the spec alone."""
        return {"allOf": [{"$ref": f"#{quote(each)}"} for each in self._flat(schema)]} if _is_made(schema) else schema

    def _flat(self, schema: Json) -> Iterator[str]:
        for pointer in _references(schema):
            yield from self.conjuncts(pointer)

    def _find(self, pointer: str) -> tuple[_Merged, str]:
        number, slash, rest = pointer.removeprefix(_ROOT).partition("/")
        return self._merged[int(number)], slash + rest

    def _merge(self, sources: Sequence[Source]) -> _Merged:
        targets: dict[str, None] = {}
        parts = [part for pointer, without in sources for part in self._parts(pointer, without, targets)]
        conjuncts = tuple(dict.fromkeys(each for pointer, _ in sources for each in self.conjuncts(pointer)))
        merged = _Merged(None, conjuncts, tuple(targets))
        merged.schema = _NEVER if any(schema is _NEVER for _, schema in parts) else self._merge_parts(parts, merged)
        return merged

    def _parts(self, pointer: str, without: frozenset[str], targets: dict[str, None]) -> Iterator[Part]:
        """The schema at a pointer, then those that it refers to, each without what it refers to."""
        schema = self.value(pointer)
        if not isinstance(schema, dict):
            yield pointer, {} if schema else _NEVER
            return
        yield pointer, {key: value for key, value in schema.items() if key not in {"$ref", "allOf", *without}}
        target = target_of(schema["$ref"]) if "$ref" in schema else None
        if target is not None and target not in targets:
            targets[target] = None
            yield from self._parts(target, WHOLE, targets)
        for index, _ in enumerate(schema.get("allOf", ())):
            yield from self._parts(f"{pointer}/allOf/{index}", WHOLE, targets)

    def _merge_parts(self, parts: Sequence[Part], merged: _Merged) -> Json:
        found: dict[str, Any] = {}
        stated = [(pointer, keyword, value) for pointer, schema in parts for keyword, value in schema.items()]
        for pointer, keyword, value in stated:
            if keyword not in _FIELDS | _ITEMS:
                self._add(found, keyword, value, f"{pointer}/{keyword}", merged)
            else:
                merged.origins.setdefault(keyword, self.origin(f"{pointer}/{keyword}"))
        self._add_second_groups(found, parts)
        _add_fields(found, parts)
        _add_items(found, parts)
        return _NEVER if found.get("type") == [] else found

    def _add(self, found: dict[str, Any], keyword: str, value: Json, pointer: str, merged: _Merged) -> None:
        """Adds what one schema says by one keyword, which stands at the pointer."""
        known: Any = found.get(keyword)
        combined = _COMBINE[keyword](known, value) if keyword in found and keyword in _COMBINE else known
        is_first = keyword not in found
        if is_first:
            combined = _referring(keyword, value, pointer)
        elif keyword == "dependentSchemas":
            combined = {**known, **_referring(keyword, value, pointer)}
        elif keyword == "propertyNames":
            combined = {"allOf": [known, _reference(pointer)]}
        found[keyword] = combined
        if is_first or combined != known:
            merged.origins[keyword] = self.origin(pointer)

    @staticmethod
    def _add_second_groups(found: dict[str, Any], parts: Sequence[Part]) -> None:
        """Keeps what stands twice, and cannot be combined, apart."""
        for group in _GROUPS:
            holders = [(pointer, schema) for pointer, schema in parts if group[0] in schema]
            for pointer, schema in holders[1:]:
                apart = {
                    keyword: _referring(keyword, schema[keyword], f"{pointer}/{keyword}")
                    for keyword in group
                    if keyword in schema
                }
                found.setdefault("allOf", []).append(apart)
            if holders and group[0] == "if":  # `then` and `else` go with their own `if`
                for keyword in ("then", "else"):
                    found.pop(keyword, None)
                    if keyword in holders[0][1]:
                        found[keyword] = _reference(f"{holders[0][0]}/{keyword}")


def _is_made(schema: Json) -> bool:
    """Tells whether a schema refers to a merged one."""
    return any(pointer.startswith(_ROOT) for pointer in _references(schema))


def _references(schema: Json) -> Iterator[str]:
    """The pointers of the schemas that a subschema of a merged schema refers to."""
    if isinstance(schema, dict):
        yield from [target_of(schema["$ref"])] if "$ref" in schema else []
        for each in schema.get("allOf", ()):
            yield from _references(each)


def _reference(pointer: str) -> dict[str, Json]:
    return {"$ref": f"#{quote(pointer)}"}


def _referring(keyword: str, value: Json, pointer: str) -> Json:
    """The value of a keyword, with references in place of the schemas in it."""
    if keyword in {"anyOf", "oneOf"}:
        return [_reference(f"{pointer}/{index}") for index, _ in enumerate(value)]
    if keyword == "dependentSchemas":
        return {name: _reference(f"{pointer}/{escape(name)}") for name in value}
    if keyword in {"if", "then", "else", "not", "contains", "propertyNames", "unevaluatedItems"}:
        return _reference(pointer)
    return value


def _common_types(known: Json, value: Json) -> Json:
    """The types that two schemas have in common; an integer is a number too."""
    one, other = (set(each) if isinstance(each, list) else {each} for each in (known, value))
    both = {name for name in one if name in other or (name == "integer" and "number" in other)}
    both |= {name for name in other if name == "integer" and "number" in one}
    named = [name for name in _TYPES if name in both]
    return named[0] if len(named) == 1 else named


def _common_multiple(known: Json, value: Json) -> Json:
    one, other = Fraction(str(known)), Fraction(str(value))
    both = Fraction(lcm(one.numerator, other.numerator), gcd(one.denominator, other.denominator))
    return int(both) if both.denominator == 1 else float(both)


def _common_members(known: Json, value: Json) -> Json:
    return [member for member in known if any(_is_same(member, other) for other in value)]


def _is_same(one: Json, other: Json) -> bool:
    """Tells whether two values are the same to JSON, to which true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _union_of_demands(known: Json, value: Json) -> Json:
    return {name: [*known.get(name, ()), *value.get(name, ())] for name in {**known, **value}}


_COMBINE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    **dict.fromkeys(_GREATEST, max),
    **dict.fromkeys(_LEAST, min),
    "type": _common_types,
    "enum": _common_members,
    "multipleOf": _common_multiple,
    "required": lambda known, value: list(dict.fromkeys([*known, *value])),
    "dependentRequired": _union_of_demands,
}
"""How two schemas' values of a keyword become one."""


def _add_fields(found: dict[str, Any], parts: Sequence[Part]) -> None:
    """Adds the fields of objects, each with all that is said of it: by its name, by patterns, as one of the others."""
    if not any(_FIELDS & schema.keys() for _, schema in parts):
        return
    names = dict.fromkeys(name for _, schema in parts for name in schema.get("properties", {}))
    if names:
        found["properties"] = {
            name: _all_of(each for part in parts for each in _of_field(part, name)) for name in names
        }
    patterns = _by_key(parts, "patternProperties")
    if patterns:
        found["patternProperties"] = patterns
    others = [
        _reference(f"{pointer}/{keyword}")
        for pointer, schema in parts
        for keyword in ("additionalProperties", "unevaluatedProperties")
        if schema.get(keyword, True) not in (True, {})
    ]
    if others:
        is_closed = any(schema.get("additionalProperties") is False for _, schema in parts)
        is_closed |= any(schema.get("unevaluatedProperties") is False for _, schema in parts)
        found["additionalProperties"] = False if is_closed else _all_of(others)


def _of_field(part: Part, name: str) -> Iterator[Mapping[str, Json]]:
    """All that a schema says of a field."""
    pointer, schema = part
    is_named = name in schema.get("properties", {})
    if is_named:
        yield _reference(f"{pointer}/properties/{escape(name)}")
    patterns = [pattern for pattern in schema.get("patternProperties", {}) if matcher(pattern)(name)]
    yield from (_reference(f"{pointer}/patternProperties/{escape(pattern)}") for pattern in patterns)
    if not is_named and not patterns and schema.get("additionalProperties", True) not in (True, {}):
        yield _reference(f"{pointer}/additionalProperties")


def _by_key(parts: Sequence[Part], keyword: str) -> dict[str, Json]:
    """The schemas under each key of a keyword, those of all parts as one."""
    found: defaultdict[str, list[Mapping[str, Json]]] = defaultdict(list)
    for pointer, schema in parts:
        for name in schema.get(keyword, {}):
            found[name].append(_reference(f"{pointer}/{keyword}/{escape(name)}"))
    return {name: _all_of(each) for name, each in found.items()}


def _add_items(found: dict[str, Any], parts: Sequence[Part]) -> None:
    """Adds the items of arrays: each with all that is said of it, by its position or as one of the others."""
    longest = max((len(schema.get("prefixItems", ())) for _, schema in parts), default=0)
    if longest:
        found["prefixItems"] = [
            _all_of(each for part in parts for each in _of_item(part, index)) for index in range(longest)
        ]
    others = [_reference(f"{pointer}/items") for pointer, schema in parts if "items" in schema]
    if others:
        found["items"] = _all_of(others)


def _of_item(part: Part, index: int) -> Iterator[Mapping[str, Json]]:
    pointer, schema = part
    if index < len(schema.get("prefixItems", ())):
        yield _reference(f"{pointer}/prefixItems/{index}")
    elif "items" in schema:
        yield _reference(f"{pointer}/items")


def _all_of(schemas: Iterator[Mapping[str, Json]] | Sequence[Mapping[str, Json]]) -> Json:
    """The schema that says what several say."""
    listed = list(schemas)
    return listed[0] if len(listed) == 1 else {"allOf": listed} if listed else True
