"""References of a spec, followed to what they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from spec.reader import target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from spec.json_value import Json

_ANNOTATIONS: Final = {
    *("title", "description", "default", "deprecated", "readOnly", "writeOnly", "example", "examples", "$comment"),
    *("discriminator", "xml", "externalDocs", "$defs", "contentEncoding", "contentMediaType", "contentSchema"),
}
"""The keywords of a schema that say nothing of which values are valid."""


class _Values(Protocol):
    """The values of a spec, by JSON Pointers."""

    def value(self, pointer: str, /) -> Json:
        """The value where a pointer leads. Raises LookupError if there is none."""


def resolve(spec: _Values, pointer: str) -> str:
    """Follows `$ref` from where a JSON Pointer leads; returns the pointer of the value that is no reference.

    Raises:
        LookupError: a reference leads nowhere.
        ValueError: a reference leads back to itself.
    """
    return _follow(spec, pointer, lambda _beside: True)


def resolve_schema(spec: _Values, pointer: str) -> str:
    """Follows `$ref` from a schema as long as nothing but annotations stands beside it (JSON Schema, section 8.2.3.1).

    Raises as `resolve` does.
    """
    return _follow(spec, pointer, is_annotated_only)


def _follow(spec: _Values, pointer: str, is_followed: Callable[[Iterable[str]], bool]) -> str:
    """Follows `$ref` as long as a function says so of the keywords beside it."""
    followed: set[str] = set()
    value = spec.value(pointer)
    while isinstance(value, dict) and "$ref" in value and is_followed(value.keys() - {"$ref"}):
        if pointer in followed:
            raise ValueError(f"the reference at {pointer} leads back to itself")
        followed.add(pointer)
        pointer = target_of(value["$ref"])
        value = spec.value(pointer)
    return pointer


def is_annotated_only(keywords: Iterable[str]) -> bool:
    """Tells whether a schema's keywords say nothing of which values are valid."""
    return all(keyword in _ANNOTATIONS or keyword.startswith("x-") for keyword in keywords)
