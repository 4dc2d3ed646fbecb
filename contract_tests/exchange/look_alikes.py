"""Characters that look like those of ASCII, such as full-width letters, and those that look like nothing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

MAY_LOOK_ALIKE: Final = re.compile(
    rb"[\xc2-\xcd\xe1-\xe3\xea\xed\xef\xf0\xf3](?:"
    rb"(?<=[\xc2-\xcd])[\x80-\xbf]"  # letters with marks, and marks
    rb"|(?<=\xe1)[\xb4-\xbf][\x80-\xbf]"  # small and raised letters, more letters with marks
    rb"|(?<=\xe2)[\x80-\x93\xa9\xb1\xb7][\x80-\xbf]"  # nothing visible, raised digits, letters in circles
    rb"|(?<=\xe3)[\x80\x89-\x8f][\x80-\xbf]"  # a wide space, numbers in circles, units in squares
    rb"|(?<=\xea)\x9f[\x80-\xbf]"  # more raised letters
    rb"|(?<=\xef)[\xac\xb8-\xbd][\x80-\xbf]"  # ligatures, small forms, full width
    rb"|(?<=\xf0)(?:\x90\x9e|\x9d[\x90-\x9f]|\x9f[\x84-\x87]|\x9f\xaf)[\x80-\xbf]"  # letters of mathematics, in squares
    rb"|(?<=\xf3)\xa0[\x80-\x87][\x80-\xbf]"  # nothing visible
    rb"|(?<=\xed)[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf])"  # anything, in two surrogates
)
"""One character in UTF-8 that may look like one of ASCII, or like nothing."""
_REMEMBERED: Final = 2**16
"""Of how many characters it is remembered which ones of ASCII they look like."""
_UNSEEN: Final = ("Cf", "Mn")
"""The categories of characters that take no room, and of marks on the character before."""


def look_alike(found: re.Match[bytes]) -> bytes:
    """The characters of ASCII that a character looks like."""
    return _ascii_of(found[0])


@lru_cache(_REMEMBERED)
def _ascii_of(character: bytes) -> bytes:
    r"""The characters of ASCII that another one looks like, as full-width letters do; itself if it looks like none.

    Marks on other characters, and characters that take no room, look like nothing.

    >>> _ascii_of("\uff21".encode()), _ascii_of("é".encode()), _ascii_of("ж".encode()) == "ж".encode()
    (b'A', b'e', True)
    """
    try:
        text = character.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return character
    seen = [each for each in unicodedata.normalize("NFKD", text) if unicodedata.category(each) not in _UNSEEN]
    return "".join(seen).encode() if all(map(str.isascii, seen)) else character
