"""Schemas that an instance satisfies, found fast enough for long recordings.

jsonschema-rs can list them, but takes a hundred times as long for that as for judging the instance. This module walks
the schemas itself, and asks a validator only where they branch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from contract_tests.contract.keywords import matcher
from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spec.json_value import Json

_OPEN: Final = frozenset({"additionalProperties", "patternProperties", "dependentSchemas"})
_TELLING: Final = _OPEN | {
    *("enum", "properties", "required"),
    *("$ref", "allOf", "anyOf", "oneOf", "if", "items", "prefixItems"),
}


class _Contract(Protocol):
    """The schemas of a contract, by JSON Pointers."""

    def value(self, pointer: str, /) -> Json:
        """The value where a pointer leads."""

    def satisfies(self, pointer: str, value: Json, /) -> bool:
        """Tells whether a value keeps the schema where a pointer leads."""


class SatisfiedSchema(NamedTuple):
    """A schema that a part of an instance satisfies."""

    pointer: str
    """Where the schema stands in the spec."""
    statement: Mapping[str, Any]
    """The schema itself."""
    value: Any
    """The part of the instance."""


class _Schema(NamedTuple):
    """A schema, and the pointers of those within it that tell something."""

    statement: Mapping[str, Any]
    always: tuple[str, ...]
    """Schemas that a value must satisfy too."""
    branches: tuple[str, ...]
    """Schemas that a value may satisfy."""
    fields: Mapping[str, str]


class SatisfiedSchemas:
    """Finds the schemas that instances satisfy, as far as they tell of fields, members or other schemas.

    Remembers the schemas that it has read. `is_whole` has it find all others too.
    """

    def __init__(self, contract: _Contract, *, is_whole: bool = False) -> None:
        self._contract = contract
        self._is_whole = is_whole
        self._schemas: dict[str, _Schema] = {}
        self._are_telling: dict[str, bool] = {}

    def find(self, pointer: str, instance: Json) -> list[SatisfiedSchema]:
        """The schemas that the instance and its parts satisfy, without those in branches that it does not take."""
        return [schema for schema, is_satisfied in self.find_applied(pointer, instance) if is_satisfied]

    def find_applied(self, pointer: str, instance: Json) -> list[tuple[SatisfiedSchema, bool]]:
        """The schemas that apply to the instance and its parts, each with whether it is satisfied."""
        found: list[tuple[SatisfiedSchema, bool]] = []
        if self._is_telling(pointer):
            self._find(found, pointer, instance, is_known_valid=False)
        return found

    def _find(
        self,
        found: list[tuple[SatisfiedSchema, bool]],
        pointer: str,
        value: Json,
        above: frozenset[str] = frozenset(),
        *,
        is_known_valid: bool,
    ) -> None:
        """Finds the schemas below a pointer. `above` has those that led here, of which one may be the same again."""
        if pointer in above:
            return
        above |= {pointer}
        schema = self._schema(pointer)
        is_valid = is_known_valid or self._is_valid(pointer, value)
        found.append((SatisfiedSchema(pointer, schema.statement, value), is_valid))
        for inner in schema.always:
            self._find(found, inner, value, above, is_known_valid=is_valid)
        for inner in (*schema.branches, *self._conditional(pointer, schema.statement, value)):
            if self._is_valid(inner, value):
                self._find(found, inner, value, above, is_known_valid=True)
        for inner, part in self._parts(pointer, schema, value):
            self._find(found, inner, part, is_known_valid=is_valid)

    def _conditional(self, pointer: str, statement: Mapping[str, Any], value: Json) -> tuple[str, ...]:
        """Of `then` and `else`, the one that applies to the value."""
        if "if" not in statement:
            return ()
        keyword = "then" if self._is_valid(f"{pointer}/if", value) else "else"
        return self._telling(f"{pointer}/{keyword}") if keyword in statement else ()

    def _parts(self, pointer: str, schema: _Schema, value: Json) -> Iterator[tuple[str, Any]]:
        """The schemas for the parts of a value, each with its part."""
        if isinstance(value, dict):
            yield from ((inner, value[name]) for name, inner in schema.fields.items() if name in value)
            for inner, part in _other_fields(pointer, schema.statement, value):
                yield from ((telling, part) for telling in self._telling(inner))
        elif isinstance(value, list):
            for inner, part in _items(pointer, schema.statement, value):
                yield from ((telling, part) for telling in self._telling(inner))

    def _schema(self, pointer: str) -> _Schema:
        if pointer not in self._schemas:
            self._schemas[pointer] = self._read(pointer, self._contract.value(pointer))
        return self._schemas[pointer]

    def _read(self, pointer: str, statement: Mapping[str, Any]) -> _Schema:
        references = [target_of(statement["$ref"])] if "$ref" in statement else []
        fields = {name: f"{pointer}/properties/{escape(name)}" for name in statement.get("properties", {})}
        return _Schema(
            statement,
            self._telling(*references, *_indexed(pointer, statement, "allOf")),
            self._telling(*_indexed(pointer, statement, "anyOf"), *_indexed(pointer, statement, "oneOf")),
            {name: inner for name, inner in fields.items() if self._is_telling(inner)},
        )

    def _telling(self, *pointers: str) -> tuple[str, ...]:
        return tuple(pointer for pointer in pointers if self._is_telling(pointer))

    def _is_telling(self, pointer: str) -> bool:
        if pointer not in self._are_telling:
            statement = self._contract.value(pointer)
            self._are_telling[pointer] = isinstance(statement, dict) and (
                self._is_whole or not _TELLING.isdisjoint(statement)
            )
        return self._are_telling[pointer]

    def _is_valid(self, pointer: str, value: Json) -> bool:
        return self._contract.satisfies(pointer, value)


def _indexed(pointer: str, statement: Mapping[str, Any], keyword: str) -> list[str]:
    return [f"{pointer}/{keyword}/{index}" for index, _ in enumerate(statement.get(keyword, ()))]


def _other_fields(pointer: str, statement: Mapping[str, Any], value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The schemas for fields that `properties` does not name, each with the field's value."""
    if _OPEN.isdisjoint(statement):
        return
    patterns, properties = statement.get("patternProperties", {}), statement.get("properties", {})
    for name, part in value.items():
        matching = [pattern for pattern in patterns if matcher(pattern)(name)]
        yield from ((f"{pointer}/patternProperties/{escape(pattern)}", part) for pattern in matching)
        if not matching and name not in properties and "additionalProperties" in statement:
            yield f"{pointer}/additionalProperties", part
    for name in statement.get("dependentSchemas", {}).keys() & value.keys():
        yield f"{pointer}/dependentSchemas/{escape(name)}", value


def _items(pointer: str, statement: Mapping[str, Any], value: list[Any]) -> Iterator[tuple[str, Any]]:
    prefix = _indexed(pointer, statement, "prefixItems")
    yield from zip(prefix, value, strict=False)
    if "items" in statement:
        yield from ((f"{pointer}/items", part) for part in value[len(prefix) :])
