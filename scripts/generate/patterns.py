r"""Patterns of ECMA-262, as JSON Schema has them, in the two languages of regular expressions that models can run.

Pydantic's own engine, Rust's, takes time linear in the text, but knows no lookaround and no backreference. Python's
knows both, but no `\p{…}`. Both take `\d`, `\w` and `\s` for Unicode's classes. ECMA-262 means ASCII by the first two,
and white space of its own by the third. So these are written out.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pydantic_core import SchemaError, SchemaValidator, core_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAST: Final = 0x10FFFF
_RANGES: Final = {
    "d": [(0x30, 0x39)],
    "w": [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)],
    "s": [
        *((0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029)),
        *((0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
    ],
}
"""The characters of each class, from the first to the last one of each range."""
_SET_OPERATORS: Final = "[&~"
"""The characters that open a set, or combine sets, within a set of Rust's. ECMA-262 gives them no meaning there."""
_TOKEN: Final = re.compile(r"\\c[A-Za-z]|\\.|\[\^?|.", re.DOTALL)


def explicit(pattern: str) -> str:
    """The pattern with classes of characters written out, as Rust and ECMA-262 both read it."""
    return "".join(_pieces(pattern, end="$"))


@cache
def in_rust(pattern: str) -> str | None:
    """The pattern for Pydantic's own engine; None if that engine cannot run it."""
    translated = explicit(pattern)
    try:
        SchemaValidator(core_schema.str_schema(pattern=translated, regex_engine="rust-regex"))
    except SchemaError:
        return None
    return translated


@cache
def in_python(pattern: str) -> str | None:
    """The pattern for Python's `re`; None if that cannot run it."""
    translated = "".join(_pieces(pattern, end=r"\Z"))  # Python's `$` also stands before a last line break
    try:
        re.compile(translated)
    except re.error:
        return None
    return translated


def can_translate(pattern: str) -> bool:
    """True if one of the engines can run the pattern."""
    return in_rust(pattern) is not None or in_python(pattern) is not None


def _pieces(pattern: str, end: str) -> Iterator[str]:
    """Yields a translated pattern piece by piece, with `end` for `$`."""
    in_set = False
    for piece in _TOKEN.findall(pattern):
        if in_set:
            in_set = piece != "]"
            yield _escaped(piece) if piece[0] in _SET_OPERATORS else _members(piece) or _control(piece)
        else:
            in_set = piece.startswith("[")
            members = _members(piece)
            yield end if piece == "$" else f"[{members}]" if members else _control(piece)


@cache
def _members(token: str) -> str:
    """The characters of a class, as within a set; nothing for any other token."""
    letter = token[1:]
    if not (token.startswith("\\") and letter.lower() in _RANGES):
        return ""
    ranges = _RANGES[letter.lower()]
    if letter.isupper():
        edges = [(0, -1), *ranges, (_LAST + 1, _LAST + 1)]
        ranges = [(before[1] + 1, after[0] - 1) for before, after in pairwise(edges)]
        ranges = [(first, last) for first, last in ranges if first <= last]
    return "".join(f"{_character(first)}-{_character(last)}" for first, last in ranges)


def _character(code: int) -> str:
    """A character in a way that all engines read. None of them agree on how to escape those beyond 0xFFFF."""
    return f"\\u{code:04x}" if code <= 0xFFFF else chr(code)  # noqa: PLR2004 - the largest of four digits


def _escaped(token: str) -> str:
    return "".join(rf"\{character}" for character in token)


def _control(token: str) -> str:
    r"""The character that `\cA` stands for; any other token as it is."""
    return _character(ord(token[2]) % 32) if re.fullmatch(r"\\c[A-Za-z]", token) else token
