"""Words for numbers of things."""

from __future__ import annotations


def counted(number: float, noun: str, plural: str | None = None) -> str:
    """A number of things in words. `plural` is that of the noun, where it takes more than an s.

    >>> counted(1, "finding"), counted(2, "finding"), counted(0, "entry", "entries")
    ('1 finding', '2 findings', '0 entries')
    """
    return f"{number:g} {noun if number == 1 else plural or f'{noun}s'}"
