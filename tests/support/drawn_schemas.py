"""Schemas of JSON Schema 2020-12, drawn at random: any keywords beside any others, and circles of references."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from contract_tests.contract.contract import Contract
from spec.reader import Place, Spec

if TYPE_CHECKING:
    from spec.json_value import Json

NAMES: Final = ("A", "B", "C")
"""The components, which refer to one another."""
_FIELDS: Final = ("a", "b", "é/~", "kind")
_PATTERNS: Final = ("^[a-z]+$", "/^[a-z]+$/", "^\\d{2,4}$", "^(?=.*\\d)(?=.*[a-z]).{6,}$", "^\\p{Lu}", "x|y", "^$", "(")
_PATTERN: Final = st.sampled_from(_PATTERNS[:-1])
_FORMATS: Final = st.sampled_from(["date-time", "uuid", "ipv4", "int64", "password", "binary", "regex", "hostname"])
_TYPE: Final = st.sampled_from(["object", "array", "string", "number", "integer", "boolean", "null"])
_LENGTH: Final = st.one_of(st.integers(0, 6), st.sampled_from([3.0, 60, 5_000, 2**31 - 1, 2**63]))
_NUMBER: Final = st.one_of(st.integers(-10, 10), st.sampled_from([0.5, -1.5, 1e308, -1e308, 2**63, 10**30, 0.1]))
_STEP: Final = st.sampled_from([1, 2, 0.1, 0.01, 3.5, 1e-300, 1e300, 2**70])
_VALUE: Final = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["", "a", "kind", 0.5])),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(_FIELDS), inner, max_size=2)),
    max_leaves=3,
)
_REFERENCE: Final = st.sampled_from([f"#/components/schemas/{name}" for name in NAMES])


def _with(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Schemas with any keywords, whose subschemas are drawn in a given way."""
    fields = st.dictionaries(st.sampled_from(_FIELDS), inner, max_size=3)
    names = st.lists(st.sampled_from(_FIELDS), max_size=2, unique=True)
    branches = st.lists(inner, min_size=1, max_size=3)
    optional: dict[str, st.SearchStrategy[Any]] = {
        "type": st.one_of(_TYPE, st.lists(_TYPE, min_size=1, max_size=3, unique=True)),
        "enum": st.lists(_VALUE, min_size=1, max_size=3),
        "const": _VALUE,
        "default": _VALUE,
        "minLength": _LENGTH,
        "maxLength": _LENGTH,
        "pattern": _PATTERN,
        "format": _FORMATS,
        "minimum": _NUMBER,
        "maximum": _NUMBER,
        "exclusiveMinimum": _NUMBER,
        "exclusiveMaximum": _NUMBER,
        "multipleOf": _STEP,
        "properties": fields,
        "required": names,
        "additionalProperties": inner,
        "patternProperties": st.dictionaries(_PATTERN, inner, max_size=2),
        "propertyNames": inner,
        "minProperties": _LENGTH,
        "maxProperties": _LENGTH,
        "dependentRequired": st.dictionaries(st.sampled_from(_FIELDS), names, max_size=2),
        "dependentSchemas": fields,
        "items": inner,
        "prefixItems": branches,
        "contains": inner,
        "minContains": _LENGTH,
        "maxContains": _LENGTH,
        "minItems": _LENGTH,
        "maxItems": _LENGTH,
        "uniqueItems": st.booleans(),
        "unevaluatedItems": inner,
        "unevaluatedProperties": inner,
        "allOf": branches,
        "anyOf": branches,
        "oneOf": branches,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
        "$ref": _REFERENCE,
        "readOnly": st.booleans(),
        "writeOnly": st.booleans(),
        "description": st.just("A text."),
        "nullable": st.booleans(),
    }
    few = st.lists(st.sampled_from(sorted(optional)), min_size=1, max_size=5, unique=True)
    return few.flatmap(lambda keywords: st.fixed_dictionaries({each: optional[each] for each in keywords}))


SCHEMAS: Final = st.recursive(st.one_of(st.booleans(), _with(st.booleans())), _with, max_leaves=6)
"""One schema."""
COMPONENTS: Final = st.fixed_dictionaries(dict.fromkeys(NAMES, SCHEMAS))
"""The schemas of a document."""


def contract_of(components: dict[str, Json], media_type: str = "application/json") -> Contract:
    """A contract with one operation, whose body is the first component."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Drawn", "version": "1.0.0"},
        "paths": {
            "/drawn": {
                "post": {
                    "requestBody": {
                        "required": True,
                        "content": {media_type: {"schema": {"$ref": "#/components/schemas/A"}}},
                    },
                    "responses": {"200": {"description": "Taken."}},
                }
            }
        },
        "components": {"schemas": components},
    }
    return Contract(Spec(Path("drawn.yaml"), "", document, {"": Place(1, 1)}))
