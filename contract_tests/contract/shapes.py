"""Shapes of instances: what decides which schemas a valid instance satisfies, and nothing else.

Two valid instances of one shape satisfy the same schemas at the same places. So what was found out of one is true of
the other, and need not be found out again.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from contract_tests.contract.schemas import schemas_below
from spec.reader import target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spec.json_value import Json
    from spec.reader import Spec

Shape = tuple[Hashable, ...]
_TYPES: Final = frozenset(("string", "number", "boolean", "null", "array", "object"))
_BRANCHES: Final = ("anyOf", "oneOf")
_UNDECIDED: Final = frozenset(("if", "not", "contains", "dependentSchemas", "unevaluatedProperties"))
"""Keywords by which values decide in ways that no shape tells."""
_OPEN: Final = ("additionalProperties", "patternProperties", "prefixItems")
_EXACT_BITS: Final = 53
"""The bits of an integer that a double holds (IEEE 754)."""
_END: Final = "]"
LARGE: Final = "an integer on which readers may differ"
"""Stands in a shape beside the type of such an integer."""


class Shapes:
    """The shapes of the instances of a schema."""

    def __init__(self, spec: Spec, pointer: str) -> None:
        self._spec = spec
        self._schemas = [schema for _, schema in schemas_below(spec, [pointer])]

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

    def of(self, instance: Json) -> tuple[Shape, int]:
        """The shape of an instance, and how many fields all its objects have."""
        shape: list[Hashable] = []
        fields = _note(instance, self._told, shape, is_told=False)
        return tuple(shape), fields

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


def _note(value: Json, told: frozenset[str], shape: list[Hashable], *, is_told: bool) -> int:
    """Adds the shape of a value, and counts its fields."""
    kind, fields = type(value), 0
    shape.append(kind)  # type: ignore[arg-type] # a class can be hashed
    if kind is dict:
        fields = len(value)
        for name, inner in value.items():
            shape.append(name)
            fields += _note(inner, told, shape, is_told=name in told)
        shape.append(_END)
    elif kind is list:
        for inner in value:
            fields += _note(inner, told, shape, is_told=is_told)
        shape.append(_END)
    elif is_told:
        shape.append(value)
    if kind is int and value.bit_length() > _EXACT_BITS:
        shape.append(LARGE)
    return fields
