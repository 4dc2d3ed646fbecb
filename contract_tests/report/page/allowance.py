"""How much room the texts of a result get on its page, so that a page of many findings stays small."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

FEW: Final = 100
"""Up to so many findings, all stand in the page as they are."""
FIRST: Final = 50
"""Of more findings, so many do. The others are folded away into data."""
_BODIES: Final = 600_000
"""How much of the bodies of few findings is shown, in characters."""
_FOLDED_BODIES: Final = 320_000
"""How much of the bodies of those that are folded away."""
_MOST, _LEAST = 6_000, 100


class Allowance(Struct, frozen=True):
    """The room for the texts of one finding, in characters, and for lists, in items."""

    body: int
    detail: int
    context: int
    """The lines of the spec that are quoted before and after a line."""
    items: int
    headline: int = 240
    words: int = 160


def allow(findings: int) -> Allowance:
    """The room for each of so many findings that stand in the page."""
    share = min(_MOST, _BODIES // (2 * max(1, findings))) if findings <= FEW else _MOST // 4
    return Allowance(body=share, detail=2_000, context=3, items=20)


def allow_folded(findings: int) -> Allowance:
    """The room for each of so many findings that are folded away."""
    share = max(_LEAST, _FOLDED_BODIES // (2 * max(1, findings)))
    return Allowance(body=share, detail=_LEAST, context=1, items=3, headline=120, words=80)


def cut(text: str, length: int) -> str:
    """The beginning of a text that is longer, with its length.

    >>> cut("abcdef", 3)
    'abc… (6 characters)'
    """
    return text if len(text) <= length else f"{text[:length]}… ({len(text):,} characters)"
