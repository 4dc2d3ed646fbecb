"""The keywords of the schemas that models are generated from, by the types of the values that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from spec.json_value import Json

Schema = dict[str, Any]

KEYWORDS_OF: Final[dict[str, frozenset[str]]] = {
    "object": frozenset({"additionalProperties", "properties", "required"}),
    "array": frozenset({"items", "maxItems", "minItems"}),
    "string": frozenset({"format", "maxLength", "minLength", "pattern"}),
    "number": frozenset({"exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"}),
}
TYPED: Final = frozenset().union(*KEYWORDS_OF.values())
ANNOTATIONS: Final = ("title", "description", "default", "x-enum-varnames")
ASSERTIONS: Final = TYPED | {"type", "enum", "const", "anyOf", "oneOf"}


def types_of(value: Json) -> list[str]:
    """The types that a `type` names."""
    return [value] if isinstance(value, str) else list(value)


def widened(value: Json) -> list[str]:
    """The types that a `type` admits. A number may be an integer."""
    types = types_of(value)
    return [*types, "integer"] if "number" in types else types


def without(schema: Schema, *names: str) -> Schema:
    """The schema without some of its keywords."""
    return {name: value for name, value in schema.items() if name not in names}
