"""The widths of integers, which `format` names: OpenAPI says how many bits they have; JSON Schema does not judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from contract_tests.contract.direction import rewrite

if TYPE_CHECKING:
    from spec.json_value import Json

_BITS: Final = {"int32": 32, "int64": 64}


def with_widths(document: dict[str, Any]) -> dict[str, Any]:
    """A document whose schemas have bounds for each integer of a width; the same one if none has a width."""
    bounded: dict[str, Any] = rewrite(document, _with_width)
    return bounded


def _with_width(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("format")
    bits = _BITS.get(name) if isinstance(name, str) else None
    if bits is None:
        return schema
    others = schema["allOf"] if isinstance(schema.get("allOf"), list) else []
    return {**schema, "allOf": [*others, _bounds(bits)]}


def _bounds(bits: int) -> Json:
    """The bounds of a signed integer.

    >>> _bounds(32)
    {'minimum': -2147483648, 'maximum': 2147483647}
    """
    return {"minimum": -(2 ** (bits - 1)), "maximum": 2 ** (bits - 1) - 1}
