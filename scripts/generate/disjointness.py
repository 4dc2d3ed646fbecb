"""The branches of a union: can one value fit two of them?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from spec.document import resolve
from spec.reader import target_of

if TYPE_CHECKING:
    from spec.json_value import Json
    from spec.reader import Spec

_TYPES: Final = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})
_IN_PYTHON: Final = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


@dataclass(frozen=True)
class Branches:
    """Questions about the branches of a spec's unions."""

    spec: Spec

    def are_disjoint(self, branches: list[Json]) -> bool:
        """True if types, tags or members show that no value fits two branches."""
        return all(self._differ(one, other) for one, other in combinations(branches, 2))

    def are_tagged(self, schema: dict[str, Any]) -> bool:
        """True if each branch requires the tag that `discriminator` names, and gives it one text of its own."""
        name = schema["discriminator"]["propertyName"]
        branches = schema.get("oneOf") or schema.get("anyOf") or []
        tags = [self._tags(branch).get(name, set()) for branch in branches]
        mapping = schema["discriminator"].get("mapping", {})
        return (
            bool(tags)
            and all(len(tag) == 1 for tag in tags)
            and len(set().union(*tags)) == len(tags)
            and set(map(json.dumps, mapping)) <= set().union(*tags)
        )

    def types(self, branch: Json) -> set[str]:
        """The types of the values that may fit a branch."""
        schema = self._resolved(branch)
        if "type" in schema:
            stated = {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
            return stated | ({"integer"} if "number" in stated else set())
        if "enum" in schema or "const" in schema:
            members = schema.get("enum", [schema.get("const")])
            return {_IN_PYTHON.get(type(member), "object") for member in members}
        if union := schema.get("anyOf") or schema.get("oneOf"):
            return set().union(*map(self.types, union))
        if parts := schema.get("allOf"):
            return set.intersection(*map(self.types, parts))
        return {"object"} if "properties" in schema else set(_TYPES)

    def take_default(self, schema: dict[str, Any]) -> bool:
        """True if a schema's default is no object, and the schema or one of its branches takes it."""
        default = schema["default"]
        if isinstance(default, dict | list):
            return isinstance(default, list) and "array" in self.types(schema)
        branches = schema.get("anyOf") or schema.get("oneOf")
        if branches:
            return any(self.take_default(branch | {"default": default}) for branch in map(self._resolved, branches))
        own: dict[str, Any] = {name: schema[name] for name in ("type", "enum", "const", "format") if name in schema}
        return bool(own) and jsonschema_rs.validator_for(own, validate_formats=True).is_valid(default)

    def _differ(self, one: Json, other: Json) -> bool:
        shared = self.types(one) & self.types(other)
        if not shared:
            return True
        if shared == {"object"}:
            tags, others = self._tags(one), self._tags(other)
            return any(not tags[name] & others[name] for name in tags.keys() & others.keys())
        members, rest = self._members(one), self._members(other)
        return members is not None and rest is not None and not members & rest

    def _tags(self, branch: Json) -> dict[str, set[str]]:
        """The members of each required property that has only some."""
        schema = self._resolved(branch)
        found = {name: self._members(inner) for name, inner in schema.get("properties", {}).items()}
        own = {name: members for name, members in found.items() if members and name in schema.get("required", [])}
        for part in schema.get("allOf", []):
            own = self._tags(part) | own
        return own

    def _members(self, branch: Json) -> set[str] | None:
        schema = self._resolved(branch)
        if "enum" in schema or "const" in schema:
            return set(map(json.dumps, schema.get("enum", [schema.get("const")])))
        return None

    def _resolved(self, branch: Json) -> dict[str, Any]:
        if isinstance(branch, dict) and "$ref" in branch:
            branch = self.spec.value(resolve(self.spec.document, target_of(branch["$ref"])))
        return branch if isinstance(branch, dict) else {}
