"""The part of a spec that the Pydantic models hold, and the statements that they do not.

Models hold shapes: types, fields, bounds, patterns, most formats. A statement that no type of theirs can make is left
out of the schemas that they are generated from. Each is told once, with its line; `docs/generated-code.md` lists the
kinds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from scripts.generate.disjointness import Branches
from scripts.generate.keywords import ANNOTATIONS, ASSERTIONS, Schema
from scripts.generate.merging import merge
from scripts.generate.one_kind import enumerated, typed, united
from scripts.generate.unheld import Unheld, is_held, is_idle
from spec.reader import escape, target_of

if TYPE_CHECKING:
    from spec.json_value import Json
    from spec.reader import Spec

PLACE: Final = "x-place"
"""The extension with the pointer that a schema has in the spec."""


def held_document(spec: Spec) -> tuple[dict[str, Any], list[Unheld]]:
    """A document with the components as the models hold them, and the statements that they do not, each once."""
    holder = Holder(spec)
    schemas = (spec.document.get("components") or {}).get("schemas") or {}
    held = {name: holder.hold(schema, f"/components/schemas/{escape(name)}") for name, schema in schemas.items()}
    document = {"openapi": spec.document["openapi"], "info": spec.document["info"], "paths": {}}
    return document | {"components": {"schemas": held}}, list(dict.fromkeys(holder.unheld))


@dataclass
class Holder:
    """Rewrites schemas so that the models hold them, and notes each statement that it leaves out."""

    spec: Spec
    with_places: bool = False
    """True to note each schema's pointer within it, as PLACE."""
    unheld: list[Unheld] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    """The pointers of the components that are being merged into others."""

    def tell(self, pointer: str, keyword: str) -> None:
        """Notes that the models do not hold the keyword at a pointer."""
        self.unheld.append(Unheld(pointer, keyword))

    def hold(self, schema: Json, pointer: str) -> Schema:
        """The schema as models hold it."""
        body = self.body(schema, pointer)
        if "$ref" in body:
            return body
        body = united(self.spec, enumerated(body, pointer, self.tell), pointer, self.tell)
        held = typed(body, pointer, self.tell)
        return held | {PLACE: pointer} if self.with_places else held

    def body(self, schema: Json, pointer: str) -> Schema:
        """The statements of a schema that models hold, with those of `allOf` and of a `$ref` with siblings."""
        if not isinstance(schema, dict):
            if schema is False:
                self.tell(pointer, "false")
            return {}
        own = {name: schema[name] for name in ANNOTATIONS if name in schema}
        for name, value in schema.items():
            own |= self.keyword(name, value, schema, f"{pointer}/{escape(name)}")
        parts = [(part, f"{pointer}/allOf/{index}") for index, part in enumerate(schema.get("allOf", []))]
        if "$ref" in schema and _is_component(schema["$ref"]):
            parts.append(({"$ref": schema["$ref"]}, pointer))
        elif "$ref" in schema:  # to a schema that is no component, and so has no class
            parts.append((self.spec.value(target := target_of(schema["$ref"])), target))
        if len(parts) == 1 and not own.keys() & ASSERTIONS and _is_reference(parts[0][0]):
            return {**parts[0][0], **own}
        return self.merged(own, parts, pointer)

    def keyword(self, name: str, value: Json, schema: Schema, pointer: str) -> Schema:
        """The part of a keyword that models hold, as a schema."""
        if not is_held(self.spec, name, schema):
            if not is_idle(name, value):
                self.tell(pointer, name)
            return {"anyOf": self.branches(value, pointer)} if name == "oneOf" else {}
        if name == "properties":
            return {name: {key: self.hold(inner, f"{pointer}/{escape(key)}") for key, inner in value.items()}}
        if name in {"anyOf", "oneOf"}:
            return {name: self.branches(value, pointer)}
        if name in {"items", "additionalProperties"} and not isinstance(value, bool):
            return {name: self.hold(value, pointer)}
        if name == "discriminator":
            return {name: value} if Branches(self.spec).are_tagged(schema) else {}
        return {name: value} if name in ASSERTIONS else {}

    def branches(self, schemas: list[Json], pointer: str) -> list[Schema]:
        """The branches of a union as models hold them."""
        return [self.hold(branch, f"{pointer}/{index}") for index, branch in enumerate(schemas)]

    def merged(self, own: Schema, parts: list[tuple[Json, str]], pointer: str) -> Schema:
        """The statements of a schema and of the parts of its `allOf` in one schema."""
        for part, place in parts:
            own = merge(own, self.part(part, place), pointer, self.tell)
        return own

    def part(self, part: Json, pointer: str) -> Schema:
        """The body of a part of `allOf`; that of a component in place of a reference to it."""
        if pointer in self.opened:
            return {}
        self.opened.append(pointer)
        body = self.body(part, pointer)
        if "$ref" in body:
            target = target_of(body["$ref"])
            opened = self.part(self.spec.value(target), target)
            body = {name: value for name, value in opened.items() if name not in ANNOTATIONS}
        self.opened.pop()
        return body


def _is_component(reference: str) -> bool:
    target = target_of(reference)
    return target.startswith("/components/schemas/") and target.count("/") == 3  # noqa: PLR2004 - /components/schemas/Name


def _is_reference(part: Json) -> bool:
    return isinstance(part, dict) and part.keys() == {"$ref"}
