"""Bodies as trees: JSON as it is written, and an object for a key such as `a[b]` or `a.b`, as lax readers make it."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from contract_tests.guard.spellings import decodings, plain_name
from contract_tests.target.limits import Numeral

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spec.json_value import Json

NO_TREE: Final = object()
"""Stands for the value of a text that is no JSON."""
_SEPARATORS: Final = re.compile(r"[.\[\]/:]+|__+|->")
"""The signs by which readers of forms tell the names in a key from one another."""


class Pairs(list[tuple[str, Any]]):
    """A JSON object: its keys with their values, those that come twice too."""


def read_tree(body: bytes | str) -> Json:
    """The body as JSON by the letter, keys that come twice and numbers as they are written kept; or `NO_TREE`."""
    try:
        text = body.decode() if isinstance(body, bytes) else body
        return json.loads(text, object_pairs_hook=Pairs, parse_int=Numeral, parse_float=Numeral, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return NO_TREE


def unfolded(node: Json) -> Json:
    """The value with an object for each key of several names; fields of the same object together.

    >>> unfolded(Pairs([("a", "x"), ("b[c]", "y"), ("b.d", "z")]))
    [('a', 'x'), ('b', [('c', 'y'), ('d', 'z')])]
    """
    if isinstance(node, Pairs):
        split = [(_names_in(key), unfolded(value)) for key, value in node]
        whole = [(names[0], value) for names, value in split if len(names) == 1]
        return Pairs([*whole, *_nested((names, value) for names, value in split if len(names) > 1)])
    return [unfolded(item) for item in node] if isinstance(node, list) else node


def _nested(fields: Iterable[tuple[list[str], Json]]) -> Pairs:
    """Fields of several names each, in one object for each first name."""
    below: dict[str, Pairs] = {}
    for (name, *rest), value in fields:
        below.setdefault(plain_name(name), Pairs()).append((".".join(rest), value))
    return Pairs((name, unfolded(inside)) for name, inside in below.items())


def _names_in(key: str) -> list[str]:
    """The names in a key; the key itself if it is one name."""
    whole = unicodedata.normalize("NFKC", (decodings(key) or [key])[-1])
    names = [name for name in _SEPARATORS.split(whole) if name]
    return names if len(names) > 1 else [key]


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
