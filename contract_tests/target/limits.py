"""The limits of a target: values that must not leave for it, and values that every request carries. Pure data.

Places in a request's body are named by JSON Pointers, in which `*` stands for any item of an array or any key of a map.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping


FICTIONAL: Final = re.compile(r"\+1[2-9]\d\d55501\d\d", re.ASCII)
"""Numbers that belong to nobody: those that North America keeps for fiction."""
ABSENT: Final = object()
"""Stands at a place of an object that has no such field."""
COMPOUND: Final = object()
"""Stands for an array or an object where a scalar belongs."""
_WHOLE: Final = re.compile(r"[1-9]\d*(?:\.0+)?(?:[eE]\+?\d{1,3})?", re.ASCII)
"""Whole numbers above 0 that keep being so for a reader that stops at the point or at the exponent."""

Leaf = Any
"""A value at a place: a text, a `Numeral`, true, false, null, `ABSENT` or `COMPOUND`."""


class Numeral(str):
    """A JSON number, as it is written."""

    __slots__ = ()


class NumberRule(Struct, frozen=True):
    """Allows a listed number and the empty text where a number to ring belongs.

    Any other text may be rung: a SIP address, and letters on a keypad too. So may digits in whichever script.
    """

    listed: frozenset[str]
    fictional: bool = False
    """True if every fictional number counts as listed."""

    def __str__(self) -> str:
        fictional = {number for number in self.listed if FICTIONAL.fullmatch(number)}
        real = {mask_number(number) for number in self.listed - fictional}
        return " or ".join([*sorted(real), *(["fictional numbers"] if self.fictional else sorted(fictional))])

    def complaint(self, leaf: Leaf, *, is_at_place: bool) -> str | None:  # noqa: ARG002 - as the other rules have it
        """Finds fault with a leaf; also with one that stands where an object with the place in it belongs."""
        is_harmless = not isinstance(leaf, str) or not leaf.strip() or self.allows_text(leaf)
        return None if is_harmless else "a number that is not on the list"

    def complaint_of_field(self, text: str) -> str | None:
        """Finds fault with a field of a form, a query or the like."""
        return self.complaint(text, is_at_place=True)

    def allows_text(self, text: str) -> bool:
        """Tells whether a text is a listed number. A `Numeral` is none: a server may make another number of it."""
        is_listed = text in self.listed or (self.fictional and FICTIONAL.fullmatch(text) is not None)
        return is_listed and not isinstance(text, Numeral)


class UrlRule(Struct, frozen=True):
    """Allows a listed URL and the empty text where a URL belongs. Any other text or number may name a host."""

    listed: frozenset[str]

    def __str__(self) -> str:
        return " or ".join(sorted(self.listed))

    def complaint(self, leaf: Leaf, *, is_at_place: bool) -> str | None:  # noqa: ARG002 - as the other rules have it
        """Finds fault with a leaf."""
        is_harmless = not isinstance(leaf, str) or not leaf.strip() or leaf in self.listed
        return None if is_harmless else "a URL that is not on the list"

    def complaint_of_field(self, text: str) -> str | None:
        """Finds fault with a field of a form, a query or the like."""
        return self.complaint(text, is_at_place=True)


class DurationRule(Struct, frozen=True):
    """Allows a whole number from 1 to the limit where a duration in seconds belongs, and nothing else.

    Some servers take anything else for 0, and 0 for no limit.
    """

    limit: int

    def __str__(self) -> str:
        return f"at most {self.limit} s"

    def complaint(self, leaf: Leaf, *, is_at_place: bool) -> str | None:
        """Finds fault with a leaf. A missing one is wrong too: then no limit holds, or the server's."""
        if not is_at_place:  # what stands where an object belongs is a duration only if it is a number at all
            return self.complaint_of_field(leaf) if isinstance(leaf, str) and has_digit(leaf) else None
        if leaf is None or leaf is ABSENT:
            return f"no duration, and the limit is {self.limit} s"
        return None if isinstance(leaf, Numeral) and self._is_short(leaf) else self._complaint

    def complaint_of_field(self, text: str) -> str | None:
        """Finds fault with a field of a form, a query or the like, where numbers are texts."""
        return None if self._is_short(text) else self._complaint

    @property
    def _complaint(self) -> str:
        return f"a duration that is no whole number from 1 to {self.limit} s"

    def _is_short(self, text: str) -> bool:
        return _WHOLE.fullmatch(text) is not None and Decimal(text) <= self.limit


Rule = NumberRule | UrlRule | DurationRule


class Limits(Struct, frozen=True):
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
    is_elsewhere: bool = False
    """True for a server on another machine: there, nothing is changed or deleted but what the run created."""

    @property
    def is_free(self) -> bool:
        """True if nothing limits what is sent."""
        return not (self.rules or self.is_elsewhere)

    @property
    def listed_urls(self) -> frozenset[str]:
        """Every URL that a rule lists."""
        rules = [rule for rule in self.rules.values() if isinstance(rule, UrlRule)]
        return frozenset().union(*(rule.listed for rule in rules))

    def allows_number(self, text: str) -> bool:
        """Tells whether a text is a number that may be rung, at whichever place."""
        rules = [rule for rule in self.rules.values() if isinstance(rule, NumberRule)]
        return any(rule.allows_text(text) for rule in rules) if rules else not self.is_elsewhere

    def describe(self, max_calls: int | None) -> str:
        """The limits in a line, with that of calls."""
        rules = [f"{place.lstrip('/').replace('/', '.')}: {rule}" for place, rule in self.rules.items()]
        rules += ["no phone numbers, no URLs"] if self.is_elsewhere and not rules else []
        rules += ["changes and deletions: what the run creates"] if self.is_elsewhere else []
        calls = "any number" if max_calls is None else f"at most {max_calls}"
        return f"limits: {'; '.join(rules) or 'none on what is sent'}; calls: {calls}"

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
