"""The statements of a contract's schemas, one by one, in the shape of the bodies that they are about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spec.json_value import Json
    from spec.reader import Spec

Kind = Literal["required", "optional", "member", "null", "branch", "bound", "type"]
NULL: Final = "null"
ABSENT: Final = "absent"
BRANCHES: Final = frozenset(("anyOf", "oneOf"))
EDGES: Final = {
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), "number"),
    **dict.fromkeys(("minLength", "maxLength"), "string"),
    **dict.fromkeys(("minItems", "maxItems"), "array"),
    **dict.fromkeys(("minProperties", "maxProperties"), "object"),
}
"""Keywords that bound a value, each with the type of value that it bounds."""
LIMITS: Final = {
    **EDGES,
    **dict.fromkeys(("pattern", "format"), "string"),
    "multipleOf": "number",
    "uniqueItems": "array",
}
"""Those, and keywords that limit values in other ways."""


class Key(NamedTuple):
    """Tells a statement from all others."""

    pointer: str
    """Of the keyword that states it; of a field that may be absent, the field's schema."""
    detail: str | None = None
    """The required field, the member as JSON, `null` or `absent`, where a keyword states several things."""


@dataclass(frozen=True)
class Stated:
    """A statement."""

    kind: Kind
    words: str
    key: Key


@dataclass(frozen=True)
class Section:
    """A part of a body, with the statements about it. Its schema's own parts follow it, one level deeper."""

    name: str
    depth: int
    pointer: str
    description: str
    statements: tuple[Stated, ...]
    seen_above: str | None = None
    """The name of its schema, if that stands further up with all its statements."""


def walk_body(spec: Spec, pointer: str, name: str = "") -> Iterator[Section]:
    """The parts of a body in their order, each before those within it. A component is told in full once."""
    yield from _Walk(spec).part(pointer, name, 0, ())


def statements_of(pointer: str, schema: Mapping[str, Json]) -> Iterator[Stated]:
    """The statements that a schema makes by itself, without those of its parts."""
    types = schema.get("type", ())
    if types:
        text = types if isinstance(types, str) else " or ".join(types)
        yield Stated("type", text, Key(f"{pointer}/type"))
    if types == NULL or (NULL in types and not isinstance(types, str)):
        yield Stated("null", NULL, Key(f"{pointer}/type", NULL))
    for keyword in LIMITS.keys() & schema.keys():
        yield Stated("bound", f"{keyword} {member_text(schema[keyword])}", Key(f"{pointer}/{keyword}"))
    for member in schema.get("enum", ()):
        yield Stated("member", member_text(member), Key(f"{pointer}/enum", member_text(member)))
    if "enum" in schema:
        yield Stated("bound", "no other value", Key(f"{pointer}/enum"))
    for keyword in BRANCHES & schema.keys():
        yield Stated("bound", "none but its branches", Key(f"{pointer}/{keyword}"))
    if "const" in schema:
        yield Stated("bound", f"const {member_text(schema['const'])}", Key(f"{pointer}/const"))


def member_text(value: Json) -> str:
    """A member of an enumeration as it is told: as JSON."""
    return json.dumps(value, ensure_ascii=False)


class _Walk:
    """A walk through the parts of one body."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._told: set[str] = set()

    def part(self, pointer: str, name: str, depth: int, before: tuple[Stated, ...]) -> Iterator[Section]:
        """A part, with what the part around it states of it, and the parts within it."""
        schema, above = self._resolve(pointer)
        if not isinstance(schema, dict):
            return
        component = above.removeprefix("/components/schemas/") if above.startswith("/components/") else None
        is_told = above in self._told and _is_long(schema)
        self._told.add(above)
        own = () if is_told else tuple(statements_of(above, schema))
        branches = () if is_told else tuple(self._branches(above, schema))
        description = str(self._spec.value(pointer).get("description") or schema.get("description", ""))
        seen = component or above if is_told else None
        yield Section(name, depth, above, description, (*before, *own, *branches), seen)
        if not is_told:
            yield from self._within(above, schema, depth + 1)

    def _resolve(self, pointer: str) -> tuple[Any, str]:
        """The schema behind references that stand alone or beside a description."""
        schema, followed = self._spec.value(pointer), {pointer}
        while isinstance(schema, dict) and "$ref" in schema:
            pointer = target_of(schema["$ref"])
            if pointer in followed:
                return {}, pointer
            followed.add(pointer)
            schema = self._spec.value(pointer)
        return schema, pointer

    def _branches(self, pointer: str, schema: Mapping[str, Json]) -> Iterator[Stated]:
        """The branches of a union: `null`, or one that is told below."""
        for place in _branches_of(pointer, schema):
            inner, above = self._resolve(place)
            if isinstance(inner, dict) and inner.get("type") == NULL:
                yield Stated("null", NULL, Key(f"{above}/type", NULL))
            else:
                yield Stated("branch", self._name(place, inner), Key(place))

    def _name(self, place: str, inner: Json) -> str:
        target = self._spec.value(place).get("$ref", "")
        if target:
            return str(target.rpartition("/")[2])
        types = inner.get("type", "any value") if isinstance(inner, dict) else "any value"
        return f"any {types}" if types == "string" else member_text(types).replace('"', "")

    def _within(self, pointer: str, schema: Mapping[str, Json], depth: int) -> Iterator[Section]:
        required = schema.get("required", ())
        for name in schema.get("properties", {}):
            place = f"{pointer}/properties/{escape(name)}"
            is_required = name in required
            key = Key(f"{pointer}/required", name) if is_required else Key(place, ABSENT)
            yield from self.part(place, name, depth, (Stated("required" if is_required else "optional", name, key),))
        for keyword, name in (("items", "[]"), ("additionalProperties", "any other field")):
            if isinstance(schema.get(keyword), dict) and schema[keyword]:
                yield from self.part(f"{pointer}/{keyword}", name, depth, ())
        for place in (*_branches_of(pointer, schema), *_indexed(pointer, schema, "allOf")):
            inner, _ = self._resolve(place)
            if isinstance(inner, dict) and inner.get("type") != NULL and _says_more(inner):
                yield from self.part(place, self._name(place, inner), depth, ())


def _branches_of(pointer: str, schema: Mapping[str, Json]) -> tuple[str, ...]:
    return (*_indexed(pointer, schema, "anyOf"), *_indexed(pointer, schema, "oneOf"))


def _indexed(pointer: str, schema: Mapping[str, Json], keyword: str) -> tuple[str, ...]:
    return tuple(f"{pointer}/{keyword}/{index}" for index, _ in enumerate(schema.get(keyword, ())))


def _is_long(schema: Mapping[str, Json]) -> bool:
    """Tells whether a schema has parts of its own, or so many members that they need to be told but once."""
    return not {"properties", "items", "anyOf", "oneOf", "allOf", "enum"}.isdisjoint(schema)


def _says_more(schema: Mapping[str, Json]) -> bool:
    """Tells whether a branch states more than its type."""
    return not {*schema} <= {"type", "description", "title", "x-provenance"}
