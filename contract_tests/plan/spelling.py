"""Spellings of JSON numbers: one value, other characters."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spec.json_value import Json


class Exponential(float):
    """A number that is written with an exponent: `3e1`.

    >>> write_json({"a": [Exponential(30), 30.0]})
    '{"a": [3e1, 30.0]}'
    """

    __slots__ = ()

    def __str__(self) -> str:
        digits, _, exponent = f"{float(self):.15e}".partition("e")
        return f"{digits.rstrip('0').rstrip('.')}e{int(exponent)}"


def write_json(value: Json) -> str:
    """The JSON text of a value, in ASCII. Numbers keep their spelling."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {write_json(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(write_json, value)) + "]"
    return str(value) if isinstance(value, Exponential) else json.dumps(value)


def write_otherwise(value: Json) -> str:
    r"""The JSON text of a value with white space, keys that begin with an escape, and characters beyond ASCII as such.

    >>> write_otherwise({"a": "é"})
    '{\n "\\u0061": "é"\n}\n'
    """
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return re.sub(r'^( *)"([\x21\x23-\x5b\x5d-\x7e])([^"\\]*": )', _escape_first, text, flags=re.MULTILINE) + "\n"


def _escape_first(key: re.Match[str]) -> str:
    return f'{key[1]}"\\u{ord(key[2]):04x}{key[3]}'


def without_spelling(value: Json) -> Json:
    """The value with plain numbers, which validators take."""
    if isinstance(value, dict):
        return {key: without_spelling(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_spelling(item) for item in value]
    return float(value) if isinstance(value, Exponential) else value
