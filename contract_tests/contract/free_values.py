"""Finds the values of valid instances that no schema asks anything of, or only by keywords that a validator can ask."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from contract_tests.contract.keywords import matcher
from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from contract_tests.contract.typed_texts import Schemas

Path = tuple[str, ...]
"""The way to a value: the names of fields, and the numbers of items as texts."""

_REMEMBERED: Final = 1024
"""Of how many paths the answer is remembered."""
_OF_THE_SAME: Final = ("allOf", "anyOf", "oneOf")
_ONE_OF_THE_SAME: Final = ("not", "if", "then", "else")
_BLIND: Final = frozenset(
    (
        *("$ref", "type", "properties", "patternProperties", "additionalProperties", "propertyNames", "required"),
        *("items", "prefixItems", "minItems", "maxItems", "minProperties", "maxProperties", "dependentRequired"),
        *("title", "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly"),
        *("discriminator", "externalDocs", "xml", "$comment", "$defs", *_OF_THE_SAME, *_ONE_OF_THE_SAME),
    )
)
"""Keywords that read no text and no number, but for `type`. Only schemas below them may."""
_OF_TEXTS: Final = frozenset(("pattern", "format", "minLength", "maxLength"))
_OF_NUMBERS: Final = frozenset(
    ("type", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
)


class FreeValues:
    """The free values in the instances of a schema."""

    def __init__(self, schemas: Schemas, pointer: str) -> None:
        self._schemas = schemas
        self._pointer = pointer
        self.asking = lru_cache(_REMEMBERED)(self._find_asking)
        """Gives the pointers of the schemas that decide about a text or a number at a path.

        None if other schemas read it too, such as an enumeration, or one that compares items.
        """

    def _find_asking(self, path: Path, *, is_text: bool) -> tuple[str, ...] | None:
        pointers = self._of_the_same([self._pointer])
        for token in path:
            if not all(self._keywords(pointer) <= _BLIND for pointer in pointers):
                return None
            pointers = self._of_the_same(inner for pointer in pointers for inner in self._below(pointer, token))
        asks = _OF_TEXTS if is_text else _OF_NUMBERS
        if not all(self._keywords(pointer) <= _BLIND | _OF_TEXTS | _OF_NUMBERS for pointer in pointers):
            return None
        return tuple(pointer for pointer in pointers if not asks.isdisjoint(self._keywords(pointer)))

    def _schema(self, pointer: str) -> Mapping[str, Any]:
        schema = self._schemas.value(pointer)
        return schema if isinstance(schema, dict) else {}

    def _keywords(self, pointer: str) -> set[str]:
        return {keyword for keyword in self._schema(pointer) if not keyword.startswith("x-")}

    def _of_the_same(self, pointers: Iterable[str]) -> list[str]:
        """The schemas that pointers lead to, with all others that read the same value."""
        waiting, found = list(pointers), dict[str, None]()
        while waiting:
            pointer = waiting.pop()
            if pointer in found:
                continue
            found[pointer] = None
            schema = self._schema(pointer)
            waiting += [target_of(schema["$ref"])] if "$ref" in schema else []
            waiting += [
                f"{pointer}/{each}/{index}" for each in _OF_THE_SAME for index in range(len(schema.get(each, ())))
            ]
            waiting += [f"{pointer}/{each}" for each in _ONE_OF_THE_SAME if each in schema]
        return [*found]

    def _below(self, pointer: str, token: str) -> Iterator[str]:
        """The schemas that may read what stands below a value, under a name or a number."""
        schema = self._schema(pointer)
        named = [f"{pointer}/properties/{escape(token)}"] if token in schema.get("properties", {}) else []
        patterns = [pattern for pattern in schema.get("patternProperties", {}) if matcher(pattern)(token)]
        named += [f"{pointer}/patternProperties/{escape(pattern)}" for pattern in patterns]
        yield from named
        if not named and "additionalProperties" in schema:
            yield f"{pointer}/additionalProperties"
        prefix = len(schema.get("prefixItems", ()))
        if token.isdecimal() and int(token) < prefix:
            yield f"{pointer}/prefixItems/{token}"
        elif token.isdecimal() and "items" in schema:
            yield f"{pointer}/items"
