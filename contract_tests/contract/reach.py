"""How many parts the bodies of a schema have, level by level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spec.json_value import Json

_DEEPEST: Final = 16
"""How many levels are counted at the most."""


class _Schemas(Protocol):
    """The schemas of a contract, by JSON Pointers."""

    def value(self, pointer: str, /) -> Json:
        """The value where a pointer leads."""


class Reach:
    """Counts the parts of bodies. Remembers the counts, for schemas share most of their parts."""

    def __init__(self, contract: _Schemas) -> None:
        self._contract = contract
        self._counts: dict[tuple[str, int], int] = {}

    def depth(self, pointer: str, parts: int) -> int:
        """How many levels of a body have no more than a number of parts; the first one has in any case."""
        for depth in range(1, _DEEPEST + 1):
            if self._count(pointer, depth, parts) > parts:
                return max(depth - 1, 1)
        return _DEEPEST

    def _count(self, pointer: str, depth: int, most: int) -> int:
        """The parts on the first levels, counted until there are too many."""
        key = pointer, depth
        if key not in self._counts:
            self._counts[key] = 0  # of a schema that leads back to itself on the same level
            schema, total = self._contract.value(pointer), 1
            if isinstance(schema, dict):
                total += sum(self._count(inner, depth, most) for inner in _same_part(schema, pointer))
                inner_parts = _inner_parts(schema, pointer) if depth else ()
                for inner, times in inner_parts:
                    total += times * self._count(inner, depth - 1, most)
            self._counts[key] = total
        return self._counts[key]


def _same_part(schema: Mapping[str, Json], pointer: str) -> Iterator[str]:
    """The schemas that are about the same part."""
    if "$ref" in schema:
        yield target_of(schema["$ref"])
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from (f"{pointer}/{keyword}/{index}" for index, _ in enumerate(schema.get(keyword, ())))
    yield from (f"{pointer}/{keyword}" for keyword in ("if", "then", "else") if keyword in schema)
    yield from (f"{pointer}/dependentSchemas/{escape(name)}" for name in schema.get("dependentSchemas", {}))


def _inner_parts(schema: Mapping[str, Json], pointer: str) -> Iterator[tuple[str, int]]:
    """The schemas of the parts within, each with how often it is planned for."""
    for keyword in ("properties", "patternProperties"):
        yield from ((f"{pointer}/{keyword}/{escape(name)}", 1) for name in schema.get(keyword, {}))
    yield from ((f"{pointer}/prefixItems/{index}", 1) for index, _ in enumerate(schema.get("prefixItems", ())))
    yield from ((f"{pointer}/{keyword}", 1) for keyword in ("additionalProperties", "contains") if keyword in schema)
    yield from [(f"{pointer}/items", 2)] if "items" in schema else []
