"""The statements of a contract's schemas, one by one, in the shape of the bodies that they are about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from msgspec import Struct

from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from spec.json_value import Json
    from spec.reader import Spec

Kind = Literal["required", "optional", "member", "null", "branch", "bound", "type", "media type"]
NULL: Final = "null"
ABSENT: Final = "absent"
_EXACT: Final = ("enum", "const")
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


class Stated(Struct, frozen=True):
    """A statement."""

    kind: Kind
    words: str
    key: Key


class Section(Struct, frozen=True):
    """A part of a body, with the statements about it. Its schema's own parts follow it, one level deeper."""

    name: str
    depth: int
    pointer: str
    description: str
    statements: tuple[Stated, ...]
    seen_above: str | None = None
    """The name of its schema, if that stands further up with all its statements."""


def walk_body(
    spec: Spec, pointer: str, name: str = "", *, depth: int = 0, stated: tuple[Stated, ...] = ()
) -> Iterator[Section]:
    """The parts of a body in their order, each before those within it. A component is told in full once.

    `stated` is stated of the body by what is around its schema.
    """
    yield from _Walk(spec).part(pointer, name, depth, stated)


def statements_of(pointer: str, schema: Mapping[str, Json]) -> Iterator[Stated]:
    """The statements that a schema makes by itself, without those of its parts."""
    types = schema.get("type", ())
    if types:
        text = types if isinstance(types, str) else " or ".join(types)
        yield Stated("type", text, Key(f"{pointer}/type"))
    if types == NULL or (NULL in types and not isinstance(types, str)):
        yield Stated("null", NULL, Key(f"{pointer}/type", NULL))
    for keyword in (each for each in schema if each in LIMITS):
        yield Stated("bound", f"{keyword} {member_text(schema[keyword])}", Key(f"{pointer}/{keyword}"))
    for member in schema.get("enum", ()):
        yield Stated("member", member_text(member), Key(f"{pointer}/enum", member_text(member)))
    if "enum" in schema:
        yield Stated("bound", "no other value", Key(f"{pointer}/enum"))
    for keyword in (each for each in schema if each in BRANCHES):
        yield Stated("bound", "none but its branches", Key(f"{pointer}/{keyword}"))
    if "const" in schema:
        yield Stated("bound", f"const {member_text(schema['const'])}", Key(f"{pointer}/const"))


def member_text(value: Json) -> str:
    """A member of an enumeration as it is told: as JSON."""
    return _encode(value)


_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


class _Walk:
    """A walk through the parts of one body."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._told: set[str] = set()
        self._untestable: set[Key] = set()
        """Statements that no value breaks by itself: another one is then broken, or none."""

    def part(self, pointer: str, name: str, depth: int, before: tuple[Stated, ...]) -> Iterator[Section]:
        """A part, with what the part around it states of it, and the parts within it."""
        schemas = self._same_part(pointer)
        statements, seen_above = list(before), None
        for above, schema in schemas:
            seen_above = self._name_if_told(above, schema)
            if seen_above is None:
                statements += (*statements_of(above, schema), *self._branches(above, schema))
        self._leave_out(schemas)
        statements = [each for each in statements if each.key not in self._untestable]
        description = self._description(pointer, schemas)
        yield Section(name, depth, schemas[-1][0], description, tuple(statements), seen_above)
        if seen_above is None:
            for above, schema in schemas:
                yield from self._within(above, schema, depth + 1)

    def _leave_out(self, schemas: Sequence[tuple[str, Mapping[str, Json]]]) -> None:
        """Leaves out that members are listed where any text will do, and tags: with another one, no branch is meant.

        Where a union has a union for its one telling branch, the inner one is broken.
        """
        if BRANCHES & schemas[-1][1].keys():
            self._untestable.update(Key(f"{above}/{keyword}") for above, _ in schemas[:-1] for keyword in BRANCHES)
        for above, schema in schemas:
            branches = [self._resolve(place) for place in _branches_of(above, schema)]
            if any(inner.get("type") == "string" and not _says_more(inner) for inner, _ in branches):
                self._untestable.update(Key(f"{place}/enum") for _, place in branches)
            for inner, place in branches if len(branches) > 1 else ():
                self._untestable.update(Key(f"{tag}/{keyword}") for tag in _tags(place, inner) for keyword in _EXACT)

    def _same_part(self, pointer: str) -> list[tuple[str, Mapping[str, Json]]]:
        """The schemas of a part, each with its pointer: its own, and that of the one branch that tells more."""
        schema, above = self._resolve(pointer)
        found = [(above, schema)]
        while len(told := self._telling_branches(*found[-1])) == 1:
            schema, above = self._resolve(told[0])
            if above in {place for place, _ in found}:
                break
            found.append((above, schema))
        return found

    def _telling_branches(self, pointer: str, schema: Mapping[str, Json]) -> list[str]:
        """The branches that state more than a type."""
        return [place for place in _branches_of(pointer, schema) if _says_more(self._resolve(place)[0])]

    def _name_if_told(self, pointer: str, schema: Mapping[str, Json]) -> str | None:
        """The name of a schema that stands further up with all its statements; None if it is to be told now."""
        is_told = pointer in self._told and _is_long(schema)
        self._told.add(pointer)
        return pointer.removeprefix("/components/schemas/") if is_told else None

    def _description(self, pointer: str, schemas: Iterable[tuple[str, Mapping[str, Json]]]) -> str:
        every = (self._spec.value(pointer), *(schema for _, schema in schemas))
        return next(
            (str(each["description"]) for each in every if isinstance(each, dict) and "description" in each), ""
        )

    def _resolve(self, pointer: str) -> tuple[Mapping[str, Json], str]:
        """The schema behind references that stand alone or beside a description; an empty one for true and false."""
        schema, followed = self._spec.value(pointer), {pointer}
        while isinstance(schema, dict) and "$ref" in schema:
            pointer = target_of(schema["$ref"])
            if pointer in followed:
                return {}, pointer
            followed.add(pointer)
            schema = self._spec.value(pointer)
        return schema if isinstance(schema, dict) else {}, pointer

    def _branches(self, pointer: str, schema: Mapping[str, Json]) -> Iterator[Stated]:
        """The branches of a union: `null`, or one that is told below."""
        for place in _branches_of(pointer, schema):
            inner, above = self._resolve(place)
            if inner.get("type") == NULL:
                yield Stated("null", NULL, Key(f"{above}/type", NULL))
            else:
                yield Stated("branch", self._name(place, inner), Key(place))

    def _name(self, place: str, inner: Mapping[str, Json]) -> str:
        target = str(self._spec.value(place).get("$ref", ""))
        if target:
            return target.rpartition("/")[2]
        return f"any {inner['type']}" if isinstance(inner.get("type"), str) else "another branch"

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
        branches = self._telling_branches(pointer, schema)
        for place in (*(branches if len(branches) > 1 else ()), *_indexed(pointer, schema, "allOf")):
            yield from self.part(place, f"({self._name(place, self._resolve(place)[0])})", depth, ())


def _tags(pointer: str, schema: Mapping[str, Json]) -> Iterator[str]:
    """The fields of a branch that have one value alone."""
    for name, inner in schema.get("properties", {}).items():
        if isinstance(inner, dict) and ("const" in inner or len(inner.get("enum", ())) == 1):
            yield f"{pointer}/properties/{escape(name)}"


def _branches_of(pointer: str, schema: Mapping[str, Json]) -> tuple[str, ...]:
    return (*_indexed(pointer, schema, "anyOf"), *_indexed(pointer, schema, "oneOf"))


def _indexed(pointer: str, schema: Mapping[str, Json], keyword: str) -> tuple[str, ...]:
    if keyword not in schema:
        return ()
    return tuple(f"{pointer}/{keyword}/{index}" for index, _ in enumerate(schema[keyword]))


def _is_long(schema: Mapping[str, Json]) -> bool:
    """Tells whether a schema has parts of its own, or so many members that they need to be told but once."""
    return not {"properties", "items", "anyOf", "oneOf", "allOf", "enum"}.isdisjoint(schema)


def _says_more(schema: Mapping[str, Json]) -> bool:
    """Tells whether a branch states more than its type."""
    return not {*schema} <= {"type", "description", "title", "x-provenance"}
