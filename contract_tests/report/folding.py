"""Long lines folded to a width, for terminals. Where there is no terminal, lines stay as long as they are."""

from __future__ import annotations

import textwrap
from typing import Final

NARROWEST: Final = 40
"""Nothing is folded to fewer columns than these."""


def fold(text: str, width: int | None, indent: int = 0) -> str:
    """The text with each line folded to a width; what a line continues on is indented.

    Lines are folded at blanks, and within longer words. Without a width, the text stays as it is.

    >>> print(fold("conforms: the embedded mock; 60 calls, seed 1", 40, 2))
    conforms: the embedded mock; 60 calls,
      seed 1
    """
    if width is None:
        return text
    wrapper = textwrap.TextWrapper(
        width=max(width, NARROWEST),
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
        replace_whitespace=False,
    )
    return "\n".join("\n".join(wrapper.wrap(line)) for line in text.split("\n"))


def indent_of(line: str) -> int:
    """How many blanks a line begins with.

    >>> indent_of("  a b")
    2
    """
    return len(line) - len(line.lstrip(" "))


def cut_to(text: str, length: int) -> str:
    """The beginning of a text, if it is longer.

    >>> cut_to("schemathesis", 6), cut_to("spec", 6)
    ('schem…', 'spec')
    """
    return text if len(text) <= length else f"{text[: length - 1]}…"
