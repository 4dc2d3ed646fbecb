"""A document with many operations, whose bodies are large: nested objects, unions, lists, maps, enumerations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from contract_tests.contract.contract import Contract
from spec.reader import Place, Spec

if TYPE_CHECKING:
    from spec.json_value import Json

_LEAVES: Final[tuple[dict[str, Json], ...]] = (
    {"type": "string"},
    {"type": ["string", "null"], "maxLength": 200},
    {"type": "integer", "minimum": 0},
    {"type": "number", "multipleOf": 0.01},
    {"type": "boolean"},
    {"type": "string", "format": "date-time"},
    {"type": "string", "pattern": "^[A-Z]{2}-\\d{3}$"},
    {"type": "string", "enum": [f"member-{number}" for number in range(40)]},
)
_FAMILIES: Final = 20
"""How many sets of schemas the operations share."""
_DEPTH: Final = 5
_WIDTH: Final = 8


def large_document(operations: int) -> Contract:
    """A contract with a number of operations."""
    schemas = {name: schema for family in range(_FAMILIES) for name, schema in _family(family)}
    paths = {f"/things/{number}": {"post": _operation(number % _FAMILIES)} for number in range(operations)}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Large", "version": "1.0.0"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    return Contract(Spec(Path("large.yaml"), "", document, {"": Place(1, 1)}))


def _operation(family: int) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/F{family}L0"}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"requestBody": body, "responses": {"200": {"description": "Made."}}}


def _family(family: int) -> list[tuple[str, dict[str, Json]]]:
    """The schemas of a family: each level refers to the next one in every way, and the last one to the first."""
    return [(f"F{family}L{level}", _level(family, level)) for level in range(_DEPTH)]


def _level(family: int, level: int) -> dict[str, Json]:
    below = {"$ref": f"#/components/schemas/F{family}L{(level + 1) % _DEPTH}"}
    leaves = {f"field_{number}": _LEAVES[(number + family) % len(_LEAVES)] for number in range(_WIDTH)}
    nested: dict[str, Json] = {
        "child": below,
        "children": {"type": "array", "items": below},
        "by_name": {"type": "object", "additionalProperties": below},
        "either": {"oneOf": [{"type": "string"}, {"allOf": [below, {"required": ["kind"]}]}]},
    }
    kind = {"kind": {"type": "string", "const": f"L{level}"}}
    return {"type": "object", "required": ["field_0"], "properties": {**kind, **leaves, **nested}}
