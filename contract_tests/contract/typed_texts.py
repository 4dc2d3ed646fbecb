"""Texts of a request, read as the values that their schemas describe.

A text has no type: `7` is a number where the schema wants one, and a text where it wants that.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import jsonschema_rs

    from spec.json_value import Json

    ReadScalar = Callable[[str, str], Json]
    """Reads a text as a kind of value (`integer`). Raises ValueError where readers may differ on it."""

UNREADABLE: Final = object()
"""Stands for a value that readers may differ on, or whose form nobody here can read."""
_BRANCHES: Final = ("allOf", "anyOf", "oneOf")
_MAYBE_NULL: Final = {"", "null"}
_SCALARS: Final = ("integer", "number", "boolean", "null", "string")


class Schemas(Protocol):
    """The schemas of a contract, by JSON Pointers."""

    def value(self, pointer: str, /) -> Json:
        """The value where a pointer leads."""

    def validator(self, pointer: str, /) -> jsonschema_rs.Validator:
        """The validator of the schema where a pointer leads."""


class TypedTexts:
    """Reads texts by the schemas of a contract, which are given by their JSON Pointers. None stands for any schema."""

    def __init__(self, contract: Schemas, read_scalar: ReadScalar) -> None:
        self._contract = contract
        self._read_scalar = read_scalar
        self.kinds = cache(lambda pointer: frozenset(self._kinds(pointer)))
        """The types that a schema names, itself or in its branches. A member of an enumeration has one too."""
        self.all = cache(lambda pointer, keyword: tuple(self._all(pointer, keyword)))
        """The pointers of a keyword in a schema, in those that it refers to, and in its branches."""

    def scalar(self, text: str, pointer: str | None) -> Json:
        """The value that fits the schema; if none does, the first that the text can be read as.

        No text is null for sure: OpenAPI writes none, and readers differ on `null` and on no text at all.
        """
        kinds = self.kinds(pointer) or {"string"}
        found = [self.read(text, kind) for kind in _SCALARS if kind in kinds] or [text]
        if pointer is None or found[0] is UNREADABLE:
            return found[0]
        is_valid = self._contract.validator(pointer).is_valid
        fitting = [value for value in found if value is not UNREADABLE and value is not None and is_valid(value)]
        is_null = not fitting and "null" in kinds and text in _MAYBE_NULL
        return UNREADABLE if is_null else next(iter(fitting), found[0])

    def read(self, text: str, kind: str) -> Json:
        """The text as a kind of value, such as `integer` or `object`; the text itself if it is none."""
        try:
            return self._read_scalar(text, kind)
        except ValueError:
            return UNREADABLE

    def names(self, pointer: str | None) -> Iterator[str]:
        """The names of an object's fields."""
        for properties in self.all(pointer, "properties"):
            yield from self._contract.value(properties)

    def field(self, pointer: str | None, name: str) -> str | None:
        """The schema of an object's field."""
        for properties in self.all(pointer, "properties"):
            if name in self._contract.value(properties):
                return f"{properties}/{escape(name)}"
        return next(iter(self.all(pointer, "additionalProperties")), None)

    def item(self, pointer: str | None) -> str | None:
        """The schema of an array's items."""
        return next(iter(self.all(pointer, "items")), None)

    def _kinds(self, pointer: str | None) -> Iterator[str]:
        for place in self.all(pointer, "type"):
            stated = self._contract.value(place)
            yield from [stated] if isinstance(stated, str) else stated
        members = [member for place in self.all(pointer, "enum") for member in self._contract.value(place)]
        members += [self._contract.value(place) for place in self.all(pointer, "const")]
        yield from map(_type_of, members)

    def _all(self, pointer: str | None, keyword: str, followed: tuple[str, ...] = ()) -> Iterator[str]:
        schema = None if pointer is None or pointer in followed else self._contract.value(pointer)
        if not isinstance(schema, dict):
            return
        further = (*followed, str(pointer))
        if keyword in schema:
            yield f"{pointer}/{keyword}"
        if "$ref" in schema:
            yield from self._all(target_of(schema["$ref"]), keyword, further)
        for branches in _BRANCHES:
            for index, _ in enumerate(schema.get(branches, ())):
                yield from self._all(f"{pointer}/{branches}/{index}", keyword, further)


def _type_of(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool) or value is None:
        return "null" if value is None else "boolean"
    return {int: "integer", float: "number", str: "string", list: "array"}.get(type(value), "object")
