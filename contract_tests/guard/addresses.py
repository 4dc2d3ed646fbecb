"""Recognizes what can be rung or reached wherever it stands, whatever its field is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from contract_tests.guard.spellings import decodings, plain, plain_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.target.limits import Limits

_BETWEEN: Final = r"\s().\[\]/~\u2010-\u2015\u2212\u30fc-"
"""The signs that readers of numbers take for separators."""
_EXTENSION: Final = r"(?:\s*(?:[,;#*pwx]|ext).{0,30})?"
"""The characters that may be dialled once somebody has answered."""
_NUMBER: Final = re.compile(rf"\s*+(?:(?:\+|00)[\d{_BETWEEN}]*\d{_EXTENSION}|\+[\w{_BETWEEN}]+)\s*", re.IGNORECASE)
"""A whole text that is a number with its country code, perhaps in the letters of a keypad."""
_ANY_NUMBER: Final = re.compile(rf"\s*+\+?[\d{_BETWEEN}]*\d(?:e\+?\d+)?{_EXTENSION}\s*", re.IGNORECASE)
_FEWEST_DIGITS: Final = 7
"""Fewer digits, or letters in their place, make no number with a country code."""
_SCHEME: Final = re.compile(
    r"\b(?:sips?|tel|callto|sms|smsto|mailto|xmpp|skype|facetime|whatsapp|iax2?|h323)\s*:"
    r"|\b[a-z][a-z0-9+.-]{0,30}:\s*[/\\]{2}|^\s*[/\\]{2}",
    re.IGNORECASE,
)
_NUMBER_LIKE: Final = (
    "phone",
    "number",
    "msisdn",
    "caller",
    "callee",
    "recipient",
    "destination",
    "transfer",
    "forward",
)
_NUMBER_NAMES: Final = frozenset(("to", "from", "dial", "call", "target", "mobile", "cell", "tel"))
"""Names of fields for numbers that are parts of too many other words."""
_URL_LIKE: Final = ("url", "uri", "webhook", "callback", "endpoint", "host", "server", "href")


def sounds_like_a_url(name: str) -> bool:
    """Tells whether a field of this name may hold a URL."""
    return _holds_any(name, _URL_LIKE)


def sounds_like_a_number(name: str) -> bool:
    """Tells whether a field of this name may hold a number to ring."""
    names = map(plain_name, decodings(name) or [name])
    return _holds_any(name, _NUMBER_LIKE) or not _NUMBER_NAMES.isdisjoint(names)


def _holds_any(name: str, words: tuple[str, ...]) -> bool:
    names = map(plain_name, decodings(name) or [name])
    return any(word in each for each in names for word in words)


def complaints_of_text(text: str, limits: Limits) -> Iterator[str]:
    """Finds fault with a text at any place of a body: a whole number with its country code, or an address in it."""
    yield from _complaints(text, limits, _NUMBER)


def complaints_of_value(text: str, limits: Limits) -> Iterator[str]:
    """Finds fault with a value outside of a body, or under a name for numbers: one without a country code counts."""
    yield from _complaints(text, limits, _ANY_NUMBER)


def _complaints(text: str, limits: Limits, number: re.Pattern[str]) -> Iterator[str]:
    stages = decodings(text)
    if stages is None:
        yield "a text that is encoded too often to look into"
    for stage in stages or ():
        if number.fullmatch(plain(stage)) and _is_long(stage) and not limits.allows_number(stage):
            yield "a number that is not on the list"
        if _SCHEME.search(plain(_without_listed(stage, limits))):
            yield "an address that is not on the list"


def _is_long(text: str) -> bool:
    return sum(map(str.isalnum, text)) >= _FEWEST_DIGITS


def _without_listed(text: str, limits: Limits) -> str:
    """The text unless it is a listed URL: one that only begins as one may lead elsewhere."""
    return "" if text in limits.listed_urls else text
