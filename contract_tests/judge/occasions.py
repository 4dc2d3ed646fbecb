"""The statements that a value gives occasion to judge, by the schema that it is held to.

Whatever follows from a schema alone is found out once: a run holds tens of thousands of values to schemas.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from contract_tests.contract.statements import ABSENT, BRANCHES, EDGES, LIMITS, NULL, Key, member_text
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spec.json_value import Json

_BRANCH: Final = re.compile(r"/(anyOf|oneOf)/\d+$")
_CLOSED: Final = BRANCHES | {"enum", "const"}
_JSON_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "number": (int, float),
    "string": (str,),
    "array": (list,),
    "object": (dict,),
}


class _Limit(Struct, frozen=True):
    """A keyword that limits values of some types."""

    key: Key
    types: tuple[type, ...]
    bound: Json
    """The value or the length at which it is touched; None if every value touches it."""

    def applies_to(self, value: Json) -> bool:
        """Tells whether a value is of its types. For Python, true and false are integers."""
        return isinstance(value, self.types) and not isinstance(value, bool)

    def is_touched_by(self, value: Json) -> bool:
        """Tells whether a value is at the bound."""
        return self.bound is None or bool((len(value) if isinstance(value, str | list | dict) else value) == self.bound)


class Occasions:
    """The statements of one schema."""

    def __init__(self, pointer: str, schema: Mapping[str, Any]) -> None:
        self._always = [Key(f"{pointer}/type")] if "type" in schema else []
        self._always += [Key(pointer)] if _BRANCH.search(pointer) else []
        self._null = Key(f"{pointer}/type", NULL) if "type" in schema else None
        self._enum = f"{pointer}/enum" if "enum" in schema else None
        self._closed = [Key(f"{pointer}/{keyword}") for keyword in _CLOSED & schema.keys()]
        self._limits = [_limit(pointer, schema, keyword) for keyword in LIMITS.keys() & schema.keys()]
        self._required = {name: Key(f"{pointer}/required", name) for name in schema.get("required", ())}
        self._optional = {
            name: Key(f"{pointer}/properties/{escape(name)}", ABSENT)
            for name in schema.get("properties", {})
            if name not in self._required
        }

    def in_request(self, value: Json) -> Iterator[Key]:
        """The statements that a value of a request tries: bounds only where it touches them."""
        yield from self._in_both(value)
        yield from (each.key for each in self._limits if each.applies_to(value) and each.is_touched_by(value))

    def in_response(self, value: Json) -> Iterator[Key]:
        """The statements that a value of a response can keep."""
        yield from self._in_both(value)
        yield from self._closed
        yield from (each.key for each in self._limits if each.applies_to(value))

    def lacking(self, value: Json) -> Iterator[Key]:
        """The required fields that a value lacks."""
        if isinstance(value, dict):
            yield from (key for name, key in self._required.items() if name not in value)

    def _in_both(self, value: Json) -> Iterator[Key]:
        yield from self._always
        if value is None and self._null:
            yield self._null
        if self._enum:
            yield Key(self._enum, member_text(value))
        if isinstance(value, dict):
            yield from (key for name, key in self._required.items() if name in value)
            yield from (key for name, key in self._optional.items() if name not in value)


def _limit(pointer: str, schema: Mapping[str, Any], keyword: str) -> _Limit:
    is_edge = keyword in EDGES and not keyword.startswith("exclusive")  # no value may touch an exclusive one
    return _Limit(Key(f"{pointer}/{keyword}"), _JSON_TYPES[LIMITS[keyword]], schema[keyword] if is_edge else None)
