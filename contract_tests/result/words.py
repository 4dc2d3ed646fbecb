"""Words of results."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def counted(number: float, noun: str, plural: str | None = None) -> str:
    """A number of things in words. `plural` is that of the noun, where it takes more than an s.

    >>> counted(1, "finding"), counted(2, "finding"), counted(0, "entry", "entries")
    ('1 finding', '2 findings', '0 entries')
    >>> counted(1234567, "call"), counted(2.5, "call"), counted(1.0, "call")
    ('1234567 calls', '2.5 calls', '1 call')
    """
    digits = str(number) if isinstance(number, int) else f"{number:g}"
    return f"{digits} {noun if number == 1 else plural or f'{noun}s'}"


def is_said(detail: str, headline: str) -> bool:
    """Tells whether a headline says all of a detail, but for the place in the body before it."""
    return any(text and text in headline for text in (detail, detail.partition(": ")[2]))


def label_of(name: str, labels: Iterable[str]) -> str:
    """The label of the operation that a plan is for."""
    return next(label for label in labels if name == label or name.startswith(f"{label} with "))
