"""Other spellings of a text, by which a lax reader may take it for something else."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEPARATORS: Final = re.compile(r"[.\[\]/]+")
_MAX_DECODINGS: Final = 8
_FULL_STOPS: Final = str.maketrans("。。", "..")

Names = tuple[str, ...]
"""The names on a way into a body."""


def plain(text: str) -> str:
    """The text with look-alike characters made plain, and without those that take no room."""
    seen = text if text.isascii() else "".join(each for each in text if unicodedata.category(each) != "Cf")
    return unicodedata.normalize("NFKC", seen).translate(_FULL_STOPS)


def decodings(text: str) -> list[str] | None:
    """The text, and what percent-decoding makes of it once, twice and so on; None if there seems to be no end."""
    stages = [text]
    while "%" in stages[-1] and (decoded := unquote(stages[-1])) != stages[-1]:
        stages.append(decoded)
        if len(stages) > _MAX_DECODINGS:
            return None
    return stages


def readings(key: str) -> set[Names]:
    """The ways that a key may stand for: that of its one name, and that of the names in `a.b` and `a[b]`."""
    ways = {key, *(decodings(key) or ())}
    return {names for way in ways for names in ((plain_name(way),), _names_in(way))}


def has_name(key: str, name: str) -> bool:
    """Tells whether a reader that is lax in spelling (`userId`, `User-Id`, `user_id[0]`) takes a key for a field."""
    return any(plain_name(name) in names for names in readings(key))


def leads(names: Names, way: Sequence[str]) -> bool:
    """Tells whether names go along a way, and perhaps beyond its end."""
    return all(token in {"*", name} or plain_name(token) == name for name, token in zip(names, way, strict=False))


def plain_name(name: str) -> str:
    """The letters and digits of a name, in lower case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name))).casefold()


def _names_in(key: str) -> Names:
    names = (plain_name(name) for name in _SEPARATORS.split(unicodedata.normalize("NFKC", key)))
    return tuple(filter(None, names)) or ("",)
