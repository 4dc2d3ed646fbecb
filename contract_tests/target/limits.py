"""The limits of a target: values that must not leave for it, and values that every request carries. Pure data.

Places in a request's body are named by JSON Pointers, in which `*` stands for any item of an array or any key of a map.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Mapping


FICTIONAL: Final = re.compile(r"\+1[2-9]\d\d55501\d\d", re.ASCII)
"""Numbers that belong to nobody: those that North America keeps for fiction."""
ABSENT: Final = object()
"""Stands at a place of an object that has no such field."""
_DIALLED_OTHERWISE: Final = re.compile(r"[@:]")  # sip:someone@example.com
_HOST_LIKE: Final = re.compile(r"[/\\.:@%\[\]]|localhost", re.IGNORECASE)
_DIALLED_IN_TEXT: Final = re.compile(r"@|\b(?:sips?|tel):", re.IGNORECASE)
_URL_IN_TEXT: Final = re.compile(r"//|\\/|:/|@|\bhttps?:|\w\.\w|localhost", re.IGNORECASE)

Leaf = Any
"""A value at a place: a text, a `Numeral`, true, false, null, or `ABSENT`."""


class Numeral(str):
    """A JSON number, as it is written."""

    __slots__ = ()


@dataclass(frozen=True)
class NumberRule:
    """Allows a listed number, or a value without a digit, where a number to ring belongs."""

    listed: frozenset[str]
    fictional: bool = False
    """True if every fictional number counts as listed."""

    def complaint(self, leaf: Leaf, *, is_at_place: bool) -> str | None:  # noqa: ARG002 - as the other rules have it
        """Finds fault with a leaf; also with one that stands where an object with the place in it belongs."""
        if not isinstance(leaf, str) or not _can_be_rung(leaf) or self._is_listed(leaf):
            return None
        return "a number that is not on the list"

    def without_allowed(self, text: str) -> str:
        """A text of unknown form without the numbers that may stand in it."""
        for number in self.listed:
            for form in {number, quote(number, safe=""), quote_plus(number)}:
                text = text.replace(form, "")
        return re.sub(r"(?<!\d)(\+|%2[Bb])1[2-9]\d\d55501\d\d(?!\d)", "", text) if self.fictional else text

    def complaint_of_text(self, text: str) -> str | None:
        """Finds fault with the rest of a text of unknown form."""
        if has_digit(text):
            return "a digit outside the listed numbers, in a body of unknown form"
        is_dialled = _DIALLED_IN_TEXT.search(_plain(text)) is not None
        return "an address that can be rung, in a body of unknown form" if is_dialled else None

    def _is_listed(self, text: str) -> bool:
        if isinstance(text, Numeral):
            return False  # what a server makes of it may be another number, without its plus sign
        return text in self.listed or (self.fictional and FICTIONAL.fullmatch(text) is not None)


@dataclass(frozen=True)
class UrlRule:
    """Allows a listed URL, or a value without a host, where a URL belongs."""

    listed: frozenset[str]

    def complaint(self, leaf: Leaf, *, is_at_place: bool) -> str | None:  # noqa: ARG002 - as the other rules have it
        """Finds fault with a leaf."""
        if not isinstance(leaf, str) or leaf in self.listed or not _HOST_LIKE.search(_plain(leaf)):
            return None
        return "a URL that is not on the list"

    def without_allowed(self, text: str) -> str:
        """A text of unknown form without the URLs that may stand in it."""
        for url in self.listed:
            for form in {url, quote(url, safe=""), url.replace("/", "\\/")}:
                text = text.replace(form, "")
        return text

    def complaint_of_text(self, text: str) -> str | None:
        """Finds fault with the rest of a text of unknown form."""
        return "a URL that is not on the list, in a body of unknown form" if _URL_IN_TEXT.search(_plain(text)) else None


@dataclass(frozen=True)
class DurationRule:
    """Allows a number above 0 up to the limit, or a value that is no number, where a duration in seconds belongs."""

    limit: int

    def complaint(self, leaf: Leaf, *, is_at_place: bool) -> str | None:
        """Finds fault with a leaf. A missing one is wrong too: then no limit holds, or the server's."""
        if leaf is None or leaf is ABSENT:
            return f"no duration, and the limit is {self.limit} s" if is_at_place else None
        if not isinstance(leaf, str):
            return None
        try:
            seconds = float(leaf)  # "NaN" and "Infinity" too; some servers take what is not above 0 for no limit
        except ValueError:
            seconds = math.nan if has_digit(leaf) else self.limit
        return None if 0 < seconds <= self.limit else f"a duration beyond {self.limit} s"

    def without_allowed(self, text: str) -> str:
        """The text as it is: of a number in a text of unknown form nobody knows what it counts."""
        return text

    def complaint_of_text(self, text: str) -> str | None:
        """Finds fault with the rest of a text of unknown form."""
        return "a digit that may be a duration, in a body of unknown form" if has_digit(text) else None


Rule = NumberRule | UrlRule | DurationRule


@dataclass(frozen=True)
class Limits:
    """The limits that keep a target safe. Without any, it is free: it can ring nobody."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    """By the place in a body."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """The value to put at a place of every request, unless the request tests that very place."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """The alias of a value in all that people read, and the value itself, which the guard alone sends."""
    references: Mapping[str, str] = field(default_factory=dict)
    """The places of values that only the account has, such as an agent's id, where no option gives one; each with the
    option to give. A text stands there only if it is in `data`."""

    @property
    def is_free(self) -> bool:
        """True if nothing limits what is sent."""
        return not self.rules

    def lacks(self, place: str) -> bool:
        """Tells whether a place needs a value of the account, and none is known."""
        return place in self.references and place not in self.data

    def allows(self, place: str, value: object) -> bool:
        """Tells whether a value may stand at a place. `value` is a JSON scalar or `ABSENT`."""
        leaf = Numeral(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        rule = self.rules.get(place)
        return rule is None or rule.complaint(leaf, is_at_place=True) is None


FREE: Final = Limits()


def has_digit(text: str) -> bool:
    """Tells whether a text holds a digit of any script."""
    return any(character.isnumeric() for character in text)


def mask_number(number: str, nth: int = 1) -> str:
    """A phone number as people may read it: its last 4 digits, and which one it is of those that end so."""
    return f"{'*' * (len(number) - 4)}{f'({nth})' if nth > 1 else ''}{number[-4:]}"


def _can_be_rung(text: str) -> bool:
    return has_digit(_plain(text)) or _DIALLED_OTHERWISE.search(text) is not None


def _plain(text: str) -> str:
    """The text with look-alike characters made plain."""
    return unicodedata.normalize("NFKC", text).replace("。", ".")
