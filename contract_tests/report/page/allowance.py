"""How much room the texts of a result get on its page, so that a page of many findings stays small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_FEW: Final = 100
"""Up to so many findings, none is cut for want of room."""
_BODIES: Final = 900_000
"""How much of all bodies together is shown, in characters."""
_MOST, _LEAST = 6_000, 100


@dataclass(frozen=True)
class Allowance:
    """The room for the texts of one finding, in characters, and for lists, in items."""

    body: int
    detail: int
    context: int
    """The lines of the spec that are quoted before and after a line."""
    items: int
    headline: int = 240
    words: int = 160


def allow(findings: int) -> Allowance:
    """The room for each of so many findings."""
    if findings <= _FEW:
        return Allowance(body=_MOST, detail=2_000, context=3, items=20)
    share = min(_MOST, max(_LEAST, _BODIES // (2 * findings)))
    return Allowance(body=share, detail=share, context=1, items=3)


def cut(text: str, length: int) -> str:
    """The beginning of a text that is longer, with its length.

    >>> cut("abcdef", 3)
    'abc… (6 characters)'
    """
    return text if len(text) <= length else f"{text[:length]}… ({len(text):,} characters)"
