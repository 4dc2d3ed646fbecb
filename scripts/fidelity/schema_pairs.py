"""Random schemas, in pairs of which the second is often an edit of the first, with every keyword that admits values."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.json_value import Json

Schema = dict[str, Any] | bool

COMPONENTS: Final[dict[str, Schema]] = {
    "Chain": {
        "type": "object",
        "properties": {"a": {"$ref": "#/components/schemas/Chain"}, "b": {"type": "string"}},
    },
    "Nest": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/components/schemas/Nest"}}]},
}
"""Recursive schemas that the random ones may refer to."""

_NAMES: Final = st.sampled_from(["a", "b", "xa"])
_TYPES: Final = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
_SMALL: Final = st.integers(0, 3)
_BOUNDS: Final = st.integers(-2, 3) | st.sampled_from([0.5, 1.5])

VALUES: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 4)
    | st.sampled_from([0.5, 1.0, 1.5])
    | st.sampled_from(["", "a", "b", "ab", "xa", "2020-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=5,
)
"""JSON values that random schemas often admit."""

_PLAIN: Final[dict[str, st.SearchStrategy[Any]]] = {
    "type": _TYPES | st.lists(_TYPES, min_size=1, max_size=3, unique=True),
    "enum": st.lists(VALUES, min_size=1, max_size=3),
    "const": VALUES,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _BOUNDS),
    "multipleOf": st.sampled_from([1, 2, 3, 0.5, 1.5]),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _SMALL),
    "pattern": st.sampled_from(["^a", "b$", "x"]),
    "format": st.sampled_from(["date", "ipv4"]),
    "uniqueItems": st.booleans(),
    "required": st.lists(_NAMES, max_size=2, unique=True),
    "dependentRequired": st.dictionaries(_NAMES, st.lists(_NAMES, max_size=2, unique=True), max_size=2),
    "$ref": st.sampled_from([f"#/components/schemas/{name}" for name in COMPONENTS]),
}


_MAPS: Final = {"properties", "patternProperties", "dependentSchemas"}
"""Keywords that hold schemas by names."""


def _nested(inner: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    return {
        **dict.fromkeys(("anyOf", "oneOf", "allOf"), st.lists(inner, min_size=1, max_size=3)),
        **dict.fromkeys(("not", "if", "then", "else", "items", "contains", "propertyNames"), inner),
        **dict.fromkeys(("additionalProperties", "unevaluatedProperties", "unevaluatedItems"), inner),
        "properties": st.dictionaries(_NAMES, inner, max_size=2),
        "patternProperties": st.dictionaries(st.sampled_from(["^x", "a$"]), inner, max_size=1),
        "dependentSchemas": st.dictionaries(_NAMES, inner, max_size=1),
        "prefixItems": st.lists(inner, min_size=1, max_size=2),
        **dict.fromkeys(("minContains", "maxContains"), _SMALL),
    }


@st.composite
def _some(draw: st.DrawFn, keywords: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(sorted(keywords)), max_size=3, unique=True))
    return {name: draw(keywords[name]) for name in names}


SCHEMAS: Final[st.SearchStrategy[Schema]] = st.recursive(
    _some(_PLAIN) | st.booleans(), lambda inner: _some(_nested(inner) | _PLAIN), max_leaves=5
)
"""Random schemas of a few keywords each."""


_OF_SIZES: Final[dict[str, tuple[str, ...]]] = {
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"),
    "object": (
        *("properties", "additionalProperties", "patternProperties", "propertyNames", "minProperties", "maxProperties"),
        *("required", "dependentRequired"),
    ),
}
"""Keywords that may say together what another one says alone, by the type that they are about."""


@st.composite
def _sized(draw: st.DrawFn, kind: str) -> Schema:
    """A schema with some keywords that limit how large the values of a type are."""
    keywords = _nested(_some(_PLAIN) | st.booleans()) | _PLAIN
    names = draw(st.lists(st.sampled_from(_OF_SIZES[kind]), min_size=1, max_size=5, unique=True))
    return {"type": kind, **{name: draw(keywords[name]) for name in names}}


@st.composite
def _edited(draw: st.DrawFn, schema: Schema) -> Schema:
    """A schema with one subschema changed: keywords added, or one removed."""
    copy = deepcopy(schema)
    places = list(_subschemas(copy))
    if not places:
        return draw(SCHEMAS)
    place = draw(st.sampled_from(places))
    if place and draw(st.integers(0, 2)) == 0:
        del place[draw(st.sampled_from(sorted(place)))]
    elif isinstance(more := draw(SCHEMAS), dict):
        place.update(more)
    return copy


def _subschemas(schema: Json) -> Iterator[dict[str, Any]]:
    """A schema and all within it, but for `true` and `false`. Values and lists of names are no schemas."""
    if not isinstance(schema, dict):
        return
    yield schema
    for keyword in [each for each in schema if each not in _PLAIN]:
        value = schema[keyword]
        parts = value.values() if keyword in _MAPS else value if isinstance(value, list) else [value]
        for part in parts:
            yield from _subschemas(part)


PAIRS: Final[st.SearchStrategy[tuple[Schema, Schema]]] = st.one_of(
    st.tuples(SCHEMAS, SCHEMAS),
    SCHEMAS.flatmap(lambda schema: st.tuples(st.just(schema), _edited(schema))),
    st.sampled_from(sorted(_OF_SIZES)).flatmap(lambda kind: st.tuples(_sized(kind), _sized(kind))),
)
"""Random schemas before and after a change."""
