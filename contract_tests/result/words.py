"""Words for numbers of things."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number of things in words.

    >>> counted(1, "finding"), counted(2, "finding")
    ('1 finding', '2 findings')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"
