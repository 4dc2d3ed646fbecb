"""Patterns of ECMA-262, as JSON Schema has them, in the two languages of regular expressions that models can run.

Pydantic's own engine, Rust's, takes time linear in the text, but knows no lookaround and no backreference. Python's
knows both, but no `\\p{…}`. Both take `\\d`, `\\w` and `\\s` for Unicode's classes. ECMA-262 means ASCII by the first two, and
white space of its own by the third.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from pydantic_core import SchemaError, SchemaValidator, core_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Translate = Callable[[str], str]

_SPACE: Final = r"\t\n\x0b\x0c\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_CLASSES: Final = {"d": "0-9", "w": "A-Za-z0-9_", "s": _SPACE}
_SET_OPERATORS: Final = "[&~"
"""The characters that open a set, or combine sets, within a set of Rust's. ECMA-262 gives them no meaning there."""
_TOKEN: Final = re.compile(r"\\c[A-Za-z]|\\.|\[\^?|[\]$]|.", re.DOTALL)


@cache
def in_rust(pattern: str) -> str | None:
    """The pattern for Pydantic's own engine; None if that engine cannot run it."""
    translated = "".join(_pieces(pattern, _rust_class, _rust_member, "$"))
    try:
        SchemaValidator(core_schema.str_schema(pattern=translated, regex_engine="rust-regex"))
    except SchemaError:
        return None
    return translated


@cache
def in_python(pattern: str) -> str | None:
    """The pattern for Python's `re`; None if that cannot run it."""
    # Python's `$` also stands before a last line break.
    translated = "".join(["(?a)", *_pieces(pattern, _python_class, _python_member, r"\Z")])
    try:
        re.compile(translated)
    except re.error:
        return None
    return translated


def can_translate(pattern: str) -> bool:
    """True if one of the engines can run the pattern."""
    return in_rust(pattern) is not None or in_python(pattern) is not None


def _pieces(pattern: str, outside: _Translate, inside: _Translate, end: str) -> Iterator[str]:
    """Yields a pattern piece by piece: translated outside and inside of sets, with `end` for `$`."""
    in_set = False
    for token in _TOKEN.findall(pattern):
        if in_set:
            in_set = token != "]"
            yield inside(token)
        else:
            in_set = token.startswith("[")
            yield end if token == "$" else token if in_set else outside(token)


def _rust_class(token: str) -> str:
    letter = token[1:]
    if letter.lower() in _CLASSES and token.startswith("\\"):
        return f"[{'^' if letter.isupper() else ''}{_CLASSES[letter.lower()]}]"
    return _control(token)


def _rust_member(token: str) -> str:
    letter = token[1:]
    if token.startswith("\\") and letter in _CLASSES:
        return _CLASSES[letter]
    return _escaped(token) if token[0] in _SET_OPERATORS else _rust_class(token)


def _python_class(token: str) -> str:
    return {r"\s": f"[{_SPACE}]", r"\S": f"[^{_SPACE}]"}.get(token) or _control(token)


def _python_member(token: str) -> str:
    # Python has no set within a set, and so no way to write \S there. It refuses \N.
    outside = {r"\s": _SPACE, r"\S": r"\N"}
    return outside.get(token) or (_escaped(token) if token[0] in _SET_OPERATORS else _control(token))


def _escaped(token: str) -> str:
    return "".join(rf"\{character}" for character in token)


def _control(token: str) -> str:
    return f"\\x{ord(token[2]) % 32:02x}" if re.fullmatch(r"\\c[A-Za-z]", token) else token
