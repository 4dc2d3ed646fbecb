"""Views of a text in which a secret would stand in plain: with escapes undone, separators left out, base64 decoded.

Each view takes a time that grows with the length of the text alone, whatever the text is. It also tells where each of
its bytes comes from in the text; that is worked out only where a secret is found.
"""

from __future__ import annotations

import re
import string
from array import array
from base64 import b64decode, b64encode
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROUNDS: Final = 4
"""How many times escapes may be escaped in turn."""
_ESCAPE: Final = re.compile(
    rb"\\++(?:u([0-9a-f]{4})|x([0-9a-f]{2}))?"
    rb"|(?:%(?:25)*+(?:u00)?|0x)([0-9a-f]{2})(?:[,;:\s]{1,2}(?=0x))?"
    rb"|&#0*+([0-9]{1,7});?|&#x0*+([0-9a-f]{1,6});?"
    rb"|&(amp|lt|gt|quot|apos);"
    rb"|\x00++",
    re.IGNORECASE,
)
"""One character in an escape of JSON, URLs or HTML, or as `0x6b`; or a backslash or NUL, which may stand anywhere."""
_MARKS: Final = (b"\\", b"%", b"&", b"\0", b"0x", b"0X")
"""One of them is in every escape."""
_ENTITIES: Final = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'"}
_BASES: Final = (16, 16, 16, 10, 16)
"""Of the numbers in the groups of `_ESCAPE`, in their order."""
_OTHER: Final = b"?"
"""Stands for a character that is in no token."""
_ALNUM: Final = string.ascii_letters + string.digits
_BASE64: Final = _ALNUM + "+/-_"
_HEX: Final = string.hexdigits
_FOR_URLS: Final = bytes.maketrans(b"-_", b"+/")

Origins = tuple["array[int]", "array[int]"]
"""Where each byte of a view begins and ends in the text."""


class View(Protocol):
    """A way of reading a text."""

    text: bytes

    def origins(self) -> Origins:
        """Where each byte of the view begins and ends in the text."""


def encoded_views(plain: View) -> Iterator[View]:
    """The views of what may be base64 or hexadecimal digits, perhaps with other characters between them."""
    base64, digits = characters_of_base64(plain), Kept(plain, _HEX)
    yield from (Base64(base64, shift) for shift in range(4))
    yield from (Hexadecimal(digits, shift) for shift in range(2))


def characters_of_base64(plain: View) -> View:
    """The view of what may be base64, in the alphabet that is not for URLs."""
    view = Kept(plain, _BASE64)
    view.text = view.text.translate(_FOR_URLS)
    return view


def base64_within(text: bytes, before: int) -> bytes:
    """The base64 of a text that follows so many other bytes, without what depends on its neighbours."""
    encoded = b64encode(bytes(before) + text)
    return encoded[-(-before * 4 // 3) : (before + len(text)) * 4 // 3]


def letters_and_digits(plain: View) -> View:
    """The view of letters and digits alone: a secret in several parts is whole there."""
    return Kept(plain, _ALNUM)


def undo_escapes(view: View) -> View:
    """The view without escapes."""
    for _ in range(_ROUNDS):
        if not any(mark in view.text for mark in _MARKS):
            break
        view = Unescaped(view)
    return view


class Plain:
    """The text itself."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    def origins(self) -> Origins:
        """Each byte comes from itself."""
        length = len(self.text)
        return array("L", range(length)), array("L", range(1, length + 1))


class Unescaped:
    """Another view with one round of escapes undone."""

    def __init__(self, inner: View) -> None:
        self._inner = inner
        self.text = _ESCAPE.sub(_character, inner.text)

    def origins(self) -> Origins:
        """An escaped character comes from its whole escape."""
        inner_starts, inner_ends = self._inner.origins()
        starts, ends, done = array("L"), array("L"), 0
        for found in _ESCAPE.finditer(self._inner.text):
            starts += inner_starts[done : found.start()]
            ends += inner_ends[done : found.start()]
            done = found.end()
            if _character(found):
                starts.append(inner_starts[found.start()])
                ends.append(inner_ends[done - 1])
        return starts + inner_starts[done:], ends + inner_ends[done:]


class Kept:
    """Some characters of another view, put together."""

    def __init__(self, inner: View, characters: str) -> None:
        self._inner = inner
        self._characters = characters
        self.text = inner.text.translate(None, _others(characters))

    def origins(self) -> Origins:
        """Each byte comes from where it was found."""
        inner_starts, inner_ends = self._inner.origins()
        starts, ends = array("L"), array("L")
        for found in re.finditer(f"[{re.escape(self._characters)}]+".encode(), self._inner.text):
            starts += inner_starts[found.start() : found.end()]
            ends += inner_ends[found.start() : found.end()]
        return starts, ends


class Base64:
    """Another view decoded from base64, after so many of its characters."""

    def __init__(self, inner: View, shift: int) -> None:
        self._inner = inner
        self._shift = shift
        text = inner.text[shift:]
        self.text = b64decode(text + b"A" * (-len(text) % 4))[: len(text) * 6 // 8]

    def origins(self) -> Origins:
        """Each byte comes from the two characters that its bits are in."""
        starts, ends = self._inner.origins()
        firsts = (self._shift + index * 8 // 6 for index in range(len(self.text)))
        lasts = (self._shift + (index * 8 + 7) // 6 for index in range(len(self.text)))
        return array("L", (starts[place] for place in firsts)), array("L", (ends[place] for place in lasts))


class Hexadecimal:
    """Another view decoded from hexadecimal digits, after so many of them."""

    def __init__(self, inner: View, shift: int) -> None:
        self._inner = inner
        self._shift = shift
        text = inner.text[shift:]
        self.text = bytes.fromhex(text[: len(text) // 2 * 2].decode())

    def origins(self) -> Origins:
        """Each byte comes from two digits."""
        starts, ends = self._inner.origins()
        last = self._shift + 2 * len(self.text)
        return starts[self._shift : last : 2], ends[self._shift + 1 : last : 2]


@cache
def _others(characters: str) -> bytes:
    """All bytes but these."""
    return bytes({*range(256)} - {*characters.encode()})


def _character(found: re.Match[bytes]) -> bytes:
    """The character that an escape stands for; nothing for what may stand between any two."""
    if found[6]:
        return _ENTITIES[found[6].lower()]
    number = next((int(digits, base) for digits, base in zip(found.groups(), _BASES, strict=False) if digits), None)
    if number is None:
        return b""
    return bytes([number]) if number < 128 else _OTHER  # noqa: PLR2004 - ASCII, as tokens are
