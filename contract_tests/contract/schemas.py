"""The schemas of an OpenAPI document, by their JSON Pointers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spec.reader import Spec

_MAPS: Final = ("properties", "patternProperties", "$defs", "dependentSchemas")
_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE: Final = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")


def schemas_below(spec: Spec, pointers: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Walks the schemas that the pointers lead to, and all that these refer to, each once."""
    waiting, seen = list(pointers), set[str]()
    while waiting:
        pointer = waiting.pop(0)
        if pointer in seen:
            continue
        seen.add(pointer)
        schema = spec.value(pointer)
        if isinstance(schema, dict):
            yield pointer, schema
            waiting.extend(_schemas_in(schema, pointer))


def _schemas_in(schema: dict[str, Any], pointer: str) -> Iterator[str]:
    """The pointers of the schemas directly within a schema."""
    if "$ref" in schema:
        yield target_of(schema["$ref"])
    for keyword in _MAPS:
        yield from (f"{pointer}/{keyword}/{escape(name)}" for name in schema.get(keyword, {}))
    for keyword in _LISTS:
        yield from (f"{pointer}/{keyword}/{index}" for index, _ in enumerate(schema.get(keyword, [])))
    yield from (f"{pointer}/{keyword}" for keyword in _SINGLE if isinstance(schema.get(keyword), dict))
