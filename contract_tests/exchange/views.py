"""Views of a text in which a secret would stand in plain: escapes undone, separators left out, encodings decoded.

Each view takes a time that grows with the length of the text alone, whatever the text is. It also tells where each of
its bytes comes from in the text; that is worked out only where a secret is found.
"""

from __future__ import annotations

import re
import string
import sys
from array import array
from base64 import b64decode, b64encode
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from contract_tests.exchange.look_alikes import MAY_LOOK_ALIKE, look_alike

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_ROUNDS: Final = 4
"""How many times escapes may be escaped in turn."""
_ESCAPE: Final = re.compile(
    rb"[\\%&\x000](?:"
    rb"(?<=\\)\\*+(?:u([0-9a-f]{4})|x([0-9a-f]{2}))?"
    rb"|(?<=%)(?:25)*+(?:u([0-9a-f]{4})|([0-9a-f]{2}))"
    rb"|(?<=0)(?:(?<![0-9a-z+/]0)|(?<=0x[0-9a-f]{2}0))x([0-9a-f]{2})(?:[,;:\s]{1,2}(?=0x)|(?=0x)|(?![0-9a-z+/]))"
    rb"|(?<=&)(?:#0*+([0-9]{1,7});?|#x0*+([0-9a-f]{1,6});?|(amp|lt|gt|quot|apos);)"
    rb"|(?<=\x00)\x00*+)",
    re.IGNORECASE,
)
"""One character in an escape of JSON, URLs or HTML, or as `0x6b`; or a backslash or NUL, which may stand anywhere.

It begins with a set of characters, by which `re` finds the next one quickly.
"""
_MARKS: Final = (b"\\", b"%", b"&", b"\0", b"0x", b"0X")
"""One of them is in every escape."""
_ENTITIES: Final = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'"}
_CHARACTERS: Final = ((1, 16), (3, 16), (6, 10), (7, 16))
"""The groups of `_ESCAPE` that hold the number of a character, and the bases of the numbers."""
_BYTES: Final = (2, 4, 5)
"""Those that hold a byte in hexadecimal."""
_ENTITY: Final = 8
_NUL: Final = re.compile(rb"\x00+")
_NUMBERS: Final = re.compile(rb"[0-9]{2,3}(?:[^0-9]{1,4}[0-9]{2,3}){7,}")
"""Eight numbers of two or three digits or more, as in a list of the characters of a text."""
_NUMBER: Final = re.compile(rb"[0-9]+")
_ASCII: Final = 128
"""How many characters ASCII has."""
_ALNUM: Final = string.ascii_letters + string.digits
_BASE64: Final = _ALNUM + "+/-_"
_HEX: Final = string.hexdigits
_FOR_URLS: Final = bytes.maketrans(b"-_", b"+/")

_BETWEEN: Final = array("L", [0])

Origins = tuple["array[int]", "array[int]"]
"""Where each byte of a view begins and ends in the text."""


class View(Protocol):
    """A way of reading a text."""

    text: bytes

    def origins(self) -> Origins:
        """Where each byte of the view begins and ends in the text."""


def decoded_views(plain: View) -> Iterator[View]:
    """The views of what base64, hexadecimal or decimal numbers decode to, perhaps with other characters between them.

    What they decode to may be encoded once more, or be UTF-16. Other escapes are not undone: in the noise that most of
    the views are, that takes ten times as long.
    """
    decoded = Joined([Numbers(plain), *_decoded(plain)])
    yield decoded
    yield Joined([*_decoded(decoded)])


def _decoded(plain: View) -> Iterator[View]:
    base64, digits = characters_of_base64(plain), Kept(plain, _HEX)
    yield from (_without_nul(Base64(base64, shift)) for shift in range(4))
    yield from (_without_nul(Hexadecimal(digits, shift)) for shift in range(2))


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
    """The view without escapes, and with look-alikes of ASCII as what they look like."""
    for _ in range(_ROUNDS):
        undone = _undo_once(view)
        if undone is view:
            break
        view = undone
    return view


def _undo_once(view: View) -> View:
    """The view without the outer escapes; the view itself if there are none."""
    plain = view if view.text.isascii() else Replaced(view, MAY_LOOK_ALIKE, look_alike)
    marked = any(mark in plain.text for mark in _MARKS)
    undone = Replaced(plain, _ESCAPE, _character) if marked else plain
    return view if undone.text == view.text else undone


def _without_nul(view: View) -> View:
    return Replaced(view, _NUL, _nothing) if b"\0" in view.text else view


class Plain:
    """The text itself."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    def origins(self) -> Origins:
        """Each byte comes from itself."""
        length = len(self.text)
        return array("L", range(length)), array("L", range(1, length + 1))


class Replaced:
    """Another view with other bytes in place of what a pattern finds."""

    def __init__(
        self, inner: View, pattern: re.Pattern[bytes], replacement: Callable[[re.Match[bytes]], bytes]
    ) -> None:
        self._inner = inner
        self._pattern = pattern
        self._replacement = replacement
        self.text = pattern.sub(replacement, inner.text)

    def origins(self) -> Origins:
        """Each byte of a replacement comes from all that it replaces."""
        inner_starts, inner_ends = self._inner.origins()
        starts, ends, done = array("L"), array("L"), 0
        for found in self._pattern.finditer(self._inner.text):
            starts += inner_starts[done : found.start()]
            ends += inner_ends[done : found.start()]
            done = found.end()
            for _ in self._replacement(found):
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


class Numbers:
    """The lists of decimal numbers in another view, each number as the character that it stands for."""

    def __init__(self, inner: View) -> None:
        self._inner = inner
        self._found = [
            number.span()
            for numbers in _NUMBERS.finditer(inner.text)
            for number in _NUMBER.finditer(inner.text, *numbers.span())
            if int(number[0]) < _ASCII
        ]
        self.text = bytes(int(inner.text[first:last]) for first, last in self._found)

    def origins(self) -> Origins:
        """Each byte comes from the digits of its number."""
        starts, ends = self._inner.origins()
        firsts = array("L", (starts[first] for first, _ in self._found))
        return firsts, array("L", (ends[last - 1] for _, last in self._found))


class Joined:
    """Several views, one after the other. A secret may seem to stand where two of them meet."""

    def __init__(self, views: Sequence[View]) -> None:
        self._views = views
        self.text = b"\n".join(view.text for view in views)

    def origins(self) -> Origins:
        """Each byte comes from where its own view has it from."""
        starts, ends = array("L"), array("L")
        for each_starts, each_ends in (view.origins() for view in self._views):
            starts += each_starts + _BETWEEN
            ends += each_ends + _BETWEEN
        return starts, ends


@cache
def _others(characters: str) -> bytes:
    """All bytes but these."""
    return bytes({*range(256)} - {*characters.encode()})


def _character(found: re.Match[bytes]) -> bytes:
    """The character that an escape stands for; nothing for what may stand between any two."""
    if found[_ENTITY]:
        return _ENTITIES[found[_ENTITY].lower()]
    byte = next((int(found[group], 16) for group in _BYTES if found[group]), None)
    if byte is not None:
        return bytes([byte])
    number = next((int(found[group], base) for group, base in _CHARACTERS if found[group]), None)
    if number is None:
        return b""
    return chr(number).encode("utf-8", "surrogatepass") if number <= sys.maxunicode else b"?"


def _nothing(_found: re.Match[bytes]) -> bytes:
    return b""
