"""Shapes of instances: what decides which schemas a valid instance satisfies, and nothing else.

Two valid instances of one shape satisfy the same schemas at the same places. So what was found out of one is true of
the other, and need not be found out again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Struct

from contract_tests.contract.schemas import schemas_below
from spec.reader import target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spec.reader import Spec

Getter = Callable[[Sequence[bytes]], tuple[bytes, ...]]
"""Takes some of several texts."""
_TYPES: Final = frozenset(("string", "number", "boolean", "null", "array", "object"))
_BRANCHES: Final = ("anyOf", "oneOf")
_UNDECIDED: Final = frozenset(("if", "not", "contains", "dependentSchemas", "unevaluatedProperties"))
"""Keywords by which values decide in ways that no shape tells."""
_OPEN: Final = ("additionalProperties", "patternProperties", "prefixItems")
_TO_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")
_LARGE: Final = b"0" * 16
"""The digits of a number that a double may not hold (IEEE 754), each as a zero."""
_ESCAPES: Final = frozenset(b"\\\x00\x01")
_EMPTY: Final = re.compile(rb"\[\s*\]")
_REMEMBERED: Final = 4096
"""Of how many structures is remembered where in the text their keys and values stand."""


class Layout(Struct, frozen=True, eq=False):
    """The shape of JSON texts that differ only in their values. It is equal to itself alone."""

    structure: bytes
    """A text without what stands in quotes, without digits, and with true in place of false."""
    keys: tuple[bytes, ...]
    """The names of all fields, as they are spelled."""
    told: Getter
    """Takes the values that decide between branches."""


class Shape(NamedTuple):
    """The shape of an instance."""

    layout: Layout
    told: tuple[bytes, ...]
    """The values that decide between branches."""


_Layouts = dict[tuple[bytes, ...], "Layout | None"]
_Structure = tuple[Getter, _Layouts]
"""Where the keys of a text stand, and the layouts by its keys."""


class Shapes:
    """The shapes of the instances of a schema."""

    def __init__(self, spec: Spec, pointer: str) -> None:
        self._spec = spec
        self._schemas = [schema for _, schema in schemas_below(spec, [pointer])]
        self._structures: dict[bytes, _Structure] = {}

    @cached_property
    def are_known(self) -> bool:
        """False where shapes do not tell which schemas an instance satisfies."""
        branches = [_branches(schema) for schema in self._schemas]
        undecided = any(not _UNDECIDED.isdisjoint(schema) for schema in self._schemas)
        hidden = any(self._decides(inner) for schema in self._schemas for inner in _below(schema, _OPEN))
        return not undecided and not hidden and all(map(self._are_told_apart, branches))

    @cached_property
    def _told(self) -> frozenset[str]:
        """The names of the fields whose values decide between branches."""
        properties = (field for schema in self._schemas for field in schema.get("properties", {}).items())
        return frozenset([*(name for name, inner in properties if self._decides(inner)), *self._tags])

    @cached_property
    def _tags(self) -> frozenset[str]:
        """The fields by which branches that are objects are told apart."""
        pairs = (pair for schema in self._schemas for pair in combinations(_branches(schema), 2))
        return frozenset(filter(None, (self._tag(*pair) for pair in pairs)))

    def of(self, content: bytes) -> Shape | None:
        """The shape of an instance, by its JSON text; None where its integers or names may be read in several ways."""
        text = _cut(content)
        if text.has_large_integers:
            return None
        keys_of, layouts = self._structures.get(text.structure) or self._remember(text)
        keys = keys_of(text.parts)
        layout = layouts[keys] if keys in layouts else self._lay_out(text, keys, layouts)
        return Shape(layout, layout.told(text.parts)) if layout else None

    def _remember(self, text: _Text) -> _Structure:
        """Remembers where keys stand in texts of a structure."""
        if len(self._structures) >= _REMEMBERED:
            self._structures.clear()
        places = [place for place in range(1, len(text.parts), 2) if _is_key(text.parts, place)]
        self._structures[text.structure] = getter(places), {}
        return self._structures[text.structure]

    def _lay_out(self, text: _Text, keys: tuple[bytes, ...], layouts: _Layouts) -> Layout | None:
        """The layout of a text; None where a key is spelled with escapes."""
        if len(layouts) >= _REMEMBERED:
            layouts.clear()
        is_plain = _ESCAPES.isdisjoint(b"".join(keys))
        told = getter([*self._find_told(text.parts)]) if is_plain else None
        layouts[keys] = Layout(text.structure, keys, told) if told else None
        return layouts[keys]

    def _find_told(self, parts: list[bytes]) -> Iterator[int]:
        for place in range(1, len(parts), 2):
            if _is_key(parts, place) and parts[place].decode() in self._told:
                yield from _told_places(parts, place)

    def _are_told_apart(self, branches: Sequence[Mapping[str, Any]]) -> bool:
        return all(
            not self._types(one) & self._types(other) & {"array", "object"} or self._tag(one, other) is not None
            for one, other in combinations(branches, 2)
        )

    def _decides(self, schema: object, depth: int = 0) -> bool:
        """Tells whether the value of a scalar decides between branches of a schema, or of its items."""
        if not isinstance(schema, Mapping) or depth > len(self._schemas):
            return False
        schema = self._resolved(schema)
        pairs = combinations(_branches(schema), 2)
        if any(self._types(one) & self._types(other) - {"array", "object"} for one, other in pairs):
            return True
        return any(self._decides(inner, depth + 1) for inner in _below(schema, ("items", "allOf", *_BRANCHES)))

    def _tag(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> str | None:
        """The field that both branches require, with other values; None if there is none."""
        first, second = self._required_values(one), self._required_values(other)
        return next((name for name in first if name in second and first[name].isdisjoint(second[name])), None)

    def _required_values(self, branch: Mapping[str, Any]) -> dict[str, set[str]]:
        """The values of the required fields that have constants or enumerations."""
        schema = self._resolved(branch)
        fields = {name: self._resolved(inner) for name, inner in schema.get("properties", {}).items()}
        values = {name: _values(inner) for name, inner in fields.items() if name in schema.get("required", ())}
        return {name: found for name, found in values.items() if found}

    def _types(self, schema: Mapping[str, Any]) -> frozenset[str]:
        """The types that a schema may take, as far as it says so by itself."""
        stated = self._resolved(schema).get("type", _TYPES)
        types = [stated] if isinstance(stated, str) else stated
        return frozenset("number" if name == "integer" else name for name in types)

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        for _ in self._schemas:
            if "$ref" not in schema:
                break
            schema = {**self._spec.value(target_of(schema["$ref"])), **{k: v for k, v in schema.items() if k != "$ref"}}
        return schema


def _branches(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [branch for keyword in _BRANCHES for branch in schema.get(keyword, ()) if isinstance(branch, Mapping)]


def _below(schema: Mapping[str, Any], keywords: Iterable[str]) -> Iterator[object]:
    """The schemas below keywords, whether they hold one, a list or a map."""
    for keyword in keywords:
        inner = schema.get(keyword)
        if isinstance(inner, list):
            yield from inner
        elif keyword == "patternProperties" and isinstance(inner, Mapping):
            yield from inner.values()
        elif inner is not None:
            yield inner


def _values(schema: Mapping[str, Any]) -> set[str]:
    """The only values of a schema, as texts that tell types apart; none if it takes others."""
    return {repr(value) for value in ([schema["const"]] if "const" in schema else schema.get("enum", ()))}


class _Text(NamedTuple):
    """A JSON text, cut at its quotes: the parts with odd numbers are the texts between them."""

    parts: list[bytes]
    structure: bytes
    """All that stands outside of quotes, without the digits, and with true in place of false."""
    has_large_integers: bool


def _cut(content: bytes) -> _Text:
    if b"\\" in content:  # these two bytes stand in no JSON text as they are
        content = content.replace(b"\\\\", b"\x00").replace(b'\\"', b"\x01")
    parts = content.split(b'"')
    outside = b'"'.join(parts[::2])
    if b"[" in outside:  # without its digit, an array of a number would look like an empty one
        outside = _EMPTY.sub(b"[~]", outside)
    structure = outside.translate(None, b"0123456789")
    has_large = len(outside) - len(structure) >= len(_LARGE) and _LARGE in outside.translate(_TO_ZEROS)
    return _Text(parts, structure.replace(b"false", b"true"), has_large)


def getter(places: Sequence[int]) -> Getter:
    """A function that takes the parts at places. `itemgetter` gives no tuple where there are fewer than two."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda parts: tuple(parts[place] for place in places)


def _is_key(parts: Sequence[bytes], place: int) -> bool:
    return parts[place + 1].lstrip().startswith(b":")


def _told_places(parts: Sequence[bytes], key: int) -> range:
    """The parts that hold the value after a key, if it is a scalar or an array."""
    value = parts[key + 1].lstrip()[1:].lstrip()
    if not value:
        return range(key + 2, key + 3)
    return range(0) if value.startswith(b"{") else range(key + 1, _end(parts, key + 1) + 1)


def _end(parts: Sequence[bytes], start: int) -> int:
    """The number of the part where the array ends that begins in a part; of a scalar, that part itself."""
    depth = 0
    for place in range(start, len(parts), 2):
        depth += parts[place].count(b"[") - parts[place].count(b"]")
        if depth <= 0:
            return place
    return len(parts) - 1
