"""Forms that OpenAPI names and JSON Schema does not judge: the widths of integers, and the encodings of bytes.

A server may take or refuse what is not of the form. `format` says how many bits an integer has, and that a text is
`byte`; `contentEncoding` names the encoding of a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from contract_tests.contract.direction import rewrite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spec.json_value import Json

_BITS: Final = {"int32": 32, "int64": 64}
_BASE64: Final = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_ENCODED: Final = {
    "base64": _BASE64,
    "base64url": "^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}(?:==)?|[A-Za-z0-9_-]{3}=?)?$",
    "base16": "^(?:[A-Fa-f0-9]{2})*$",
}
"""The texts of each encoding (RFC 4648)."""


def with_forms(document: dict[str, Any]) -> dict[str, Any]:
    """A document whose schemas judge the forms that they name; the same one if none names any."""
    judging: dict[str, Any] = rewrite(document, _with_form)
    return judging


def encoding_of(schema: Mapping[str, Json]) -> tuple[str, str] | None:
    """The encoding of a text that a schema names, with the keyword that does; None if it names none that is known.

    >>> encoding_of({"format": "byte"}), encoding_of({"contentEncoding": "base64url"}), encoding_of({})
    (('format', 'base64'), ('contentEncoding', 'base64url'), None)
    """
    if schema.get("format") == "byte":
        return "format", "base64"
    name = schema.get("contentEncoding")
    return ("contentEncoding", name) if isinstance(name, str) and name in _ENCODED else None


def _with_form(schema: dict[str, Any]) -> dict[str, Any]:
    name, encoding = schema.get("format"), encoding_of(schema)
    bits = _BITS.get(name) if isinstance(name, str) else None
    forms = [*([_bounds(bits)] if bits else []), *([{"pattern": _ENCODED[encoding[1]]}] if encoding else [])]
    if not forms:
        return schema
    others = schema["allOf"] if isinstance(schema.get("allOf"), list) else []
    return {**schema, "allOf": [*others, *forms]}


def _bounds(bits: int) -> Json:
    """The bounds of a signed integer.

    >>> _bounds(32)
    {'minimum': -2147483648, 'maximum': 2147483647}
    """
    return {"minimum": -(2 ** (bits - 1)), "maximum": 2 ** (bits - 1) - 1}
