"""The schemas around `unevaluatedProperties` and `unevaluatedItems`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scripts.drift.schemas.keywords import role_of
from spec.document import reference
from spec.reader import value_or_absent

if TYPE_CHECKING:
    from spec.json_value import Json

Schema = dict[str, Any]

_DYNAMIC: Final = {"anyOf", "oneOf", "not", "if", "dependentSchemas", "contains"}
"""Keywords by which an instance decides what is evaluated."""


def is_static(document: Schema, pointer: str, above: tuple[str, ...] = ()) -> bool:
    """True if the schema alone decides what is evaluated, and not the instance."""
    schema = value_or_absent(document, pointer)
    if not isinstance(schema, dict):
        return True
    if schema.keys() & _DYNAMIC or pointer in above:
        return False
    inner = [f"{pointer}/allOf/{index}" for index, _ in enumerate(schema.get("allOf", ()))]
    target = reference(schema)
    return all(is_static(document, each, (*above, pointer)) for each in [*inner, *([target] if target else [])])


def expanded(document: Schema, pointer: str, above: tuple[str, ...] = ()) -> Json:
    """A schema without its annotations, each `$ref` replaced by its target, but for those that lead in a circle."""

    def expand(value: Json) -> Json:
        if isinstance(value, list):
            return [expand(item) for item in value]
        if not isinstance(value, dict):
            return value
        kept = {key: expand(inner) for key, inner in value.items() if role_of(key, inner) != "text"}
        target = reference(value)
        if target is None or target in (*above, pointer):
            return kept
        return kept | {"$ref": expanded(document, target, (*above, pointer))}

    return expand(value_or_absent(document, pointer))
