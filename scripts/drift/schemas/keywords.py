"""The keywords of JSON Schema 2020-12 and of OpenAPI: the role of each, and when one demand implies another.

`ROLES` has every keyword. A test compares it with the meta-schemas, so that no keyword is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from operator import ge, le
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeVar

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Callable

K = TypeVar("K")

Part = tuple[str, ...]
"""The pointers of the schemas that apply to a value together. Without any, every value is admitted."""

Role = Literal["demand", "in place", "beside", "text", "place", "refused", "unjudged"]
"""The role of a keyword:

- demand: admits some values of a JSON type, and refuses others;
- in place: applies whole schemas to the same value;
- beside: means something to users, and admits every value;
- text: is for people;
- place: holds or names schemas, which count where a `$ref` leads to them;
- refused: makes the spec unsound, so that nothing is compared;
- unjudged: means something that the gate cannot judge, so that each change of it counts as breaking.
"""

KINDS: Final = ("null", "boolean", "number", "string", "array", "object")
"""The types of JSON. An integer is a number that is demanded to be whole."""

ROLES: Final[dict[str, Role]] = {
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref"), "in place"),
    **dict.fromkeys(("default", "deprecated", "readOnly", "writeOnly", "discriminator", "xml"), "beside"),
    **dict.fromkeys(("title", "description", "$comment", "example", "examples", "externalDocs"), "text"),
    **dict.fromkeys(("$defs", "definitions", "$anchor"), "place"),
    **dict.fromkeys(("$id", "$dynamicRef", "$dynamicAnchor", "$recursiveRef"), "refused"),
    **dict.fromkeys(("$schema", "$vocabulary", "$recursiveAnchor", "dependencies"), "unjudged"),
    **dict.fromkeys(("type", "const", "enum", "format"), "demand"),
    **dict.fromkeys(("multipleOf", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"), "demand"),
    **dict.fromkeys(("minLength", "maxLength", "pattern"), "demand"),
    **dict.fromkeys(("contentEncoding", "contentMediaType", "contentSchema"), "demand"),
    **dict.fromkeys(("items", "prefixItems", "unevaluatedItems", "contains", "minContains", "maxContains"), "demand"),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems"), "demand"),
    **dict.fromkeys(("properties", "patternProperties", "additionalProperties", "unevaluatedProperties"), "demand"),
    **dict.fromkeys(("required", "propertyNames", "minProperties", "maxProperties"), "demand"),
    **dict.fromkeys(("dependentRequired", "dependentSchemas"), "demand"),
}


def role_of(keyword: str, value: object) -> Role:
    """The role of a keyword. An unknown one that is false or null, such as `nullable: false`, states a default."""
    if keyword in ROLES:
        return ROLES[keyword]
    return "text" if keyword.startswith("x-") or not value else "unjudged"


class Bound(NamedTuple):
    """A bound of numbers."""

    value: float
    is_exclusive: bool


class Contains(NamedTuple):
    """A demand on the number of items that a schema admits; `most` is None without a limit."""

    part: Part
    least: int
    most: int | None


class Conditional(NamedTuple):
    """A demand of `if`, `then` and `else`."""

    condition: Part
    then: Part
    otherwise: Part


@dataclass(frozen=True)
class Members:
    """The demands on the properties of an object."""

    names: dict[str, Part] = field(default_factory=dict)
    """The demands on properties by name, without those of `patterns`."""
    patterns: dict[str, Part] = field(default_factory=dict)
    rest: dict[frozenset[str], Part] = field(default_factory=dict)
    """The demands on properties that are not in `names` and match none of these patterns."""

    def of(self, name: str) -> Part:
        """All demands on the property of a name."""
        return (self.names[name] if name in self.names else self._rest(name)) + self._by_pattern(name)

    def unmatched(self, patterns: frozenset[str]) -> Part:
        """The demands on each property that is not in `names` and matches none of `patterns`."""
        return tuple(pointer for some, part in self.rest.items() if some <= patterns for pointer in part)

    def __add__(self, other: Members) -> Members:
        names = {**self.names, **other.names}
        return Members(
            {name: unique(self._by_name(name) + other._by_name(name)) for name in names},
            _together(self.patterns, other.patterns),
            _together(self.rest, other.rest),
        )

    def _by_name(self, name: str) -> Part:
        return self.names[name] if name in self.names else self._rest(name)

    def _rest(self, name: str) -> Part:
        return tuple(pointer for some, part in self.rest.items() if not _any_matches(some, name) for pointer in part)

    def _by_pattern(self, name: str) -> Part:
        return tuple(pointer for each, part in self.patterns.items() if _matches(each, name) for pointer in part)


@dataclass(frozen=True)
class Elements:
    """The demands on the items of an array: on the first ones by position, and on those after."""

    prefix: tuple[Part, ...] = ()
    rest: Part = ()

    def of(self, index: int) -> Part:
        """The demands on the item at a position."""
        return self.prefix[index] if index < len(self.prefix) else self.rest

    def __add__(self, other: Elements) -> Elements:
        longest = max(len(self.prefix), len(other.prefix))
        return Elements(
            tuple(unique(self.of(index) + other.of(index)) for index in range(longest)), unique(self.rest + other.rest)
        )


def unique(part: Part) -> Part:
    """The part, with each schema once."""
    return tuple(dict.fromkeys(part))


def _together(first: dict[K, Part], second: dict[K, Part]) -> dict[K, Part]:
    return {key: unique(first.get(key, ()) + second.get(key, ())) for key in {**first, **second}}


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for({"pattern": pattern})


def _matches(pattern: str, name: str) -> bool:
    """Tells whether a pattern of ECMA-262 is found in a name. It takes no time beyond a bound, unlike Python's `re`."""
    return _pattern(pattern).is_valid(name)


def _any_matches(patterns: frozenset[str], name: str) -> bool:
    return any(_matches(pattern, name) for pattern in patterns)


@dataclass(frozen=True)
class Rule:
    """The rule of a demand: the JSON types that it is about, and whether a first value implies a second."""

    kinds: tuple[str, ...]
    implies: Callable[[Any, Any], bool]
    nothing: object = None
    """The value that demands nothing."""


def _same(first: object, second: object) -> bool:
    return first == second


def _fewer(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    return set(first) <= set(second)


def _divides(first: float, second: float) -> bool:
    """Every multiple of 4 is a multiple of 2."""
    return (Fraction(repr(first)) / Fraction(repr(second))).denominator == 1


def _format(first: str, second: str) -> bool:
    """Every `int32` is an `int64`."""
    return first == second or (first, second) in {("int32", "int64"), ("float", "double")}


def _below(first: Bound, second: Bound) -> bool:
    return (-first.value, first.is_exclusive) >= (-second.value, second.is_exclusive)


SIMPLE: Final[dict[str, Rule]] = {
    "type": Rule(("number",), _same),  # the only one left is `integer`
    "enum": Rule(KINDS, _fewer),
    "format": Rule(("number", "string"), _format),
    "multipleOf": Rule(("number",), _divides),
    "minimum": Rule(("number",), ge),
    "maximum": Rule(("number",), _below),
    "minLength": Rule(("string",), ge, 0),
    "maxLength": Rule(("string",), le),
    "pattern": Rule(("string",), _same),
    "contentEncoding": Rule(("string",), _same),
    "contentMediaType": Rule(("string",), _same),
    "minItems": Rule(("array",), ge, 0),
    "maxItems": Rule(("array",), le),
    "uniqueItems": Rule(("array",), _same, nothing=False),
    "required": Rule(("object",), _same),
    "dependentRequired": Rule(("object",), _same),
    "minProperties": Rule(("object",), ge, 0),
    "maxProperties": Rule(("object",), le),
    "unjudged": Rule(KINDS, _same),
}
"""The demands whose values alone show whether one implies the other."""

STRUCTURED: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("properties", "propertyNames", "dependentSchemas"), ("object",)),
    **dict.fromkeys(("items", "contains"), ("array",)),
    "contentSchema": ("string",),
    **dict.fromkeys(("not", "if", "oneOf", "anyOf"), KINDS),
}
"""The demands that hold schemas, and the JSON types that they are about."""


def kinds_of(keyword: str) -> tuple[str, ...]:
    """The JSON types that a demand is about."""
    return SIMPLE[keyword].kinds if keyword in SIMPLE else STRUCTURED[keyword]
