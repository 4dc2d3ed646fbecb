"""The memory of checks about the record: which exchange first had a text, and the value kept last for one."""

from __future__ import annotations

import json
import sys
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Protocol

from contract_tests.exchange.exchange import Exchange, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contract_tests.judge.sketch import Sketch
    from spec.json_value import Json

    Known = Mapping[bytes, Json]
    """The hashes of texts that were there, each with the value that was kept for it last, or None."""

FORGOTTEN: Final = Exchange(Request("", ""))
"""Stands for an exchange that was before, and of which no more is known."""
_WHOLE: Final = 1000
"""How many exchanges a brief memory remembers whole."""
_SHORT: Final = 512
"""The longest text that is remembered whole, in characters."""
_BYTES: Final = 16
"""Of a value's hash. Two values of a record have the same one with a chance that nobody meets."""


def spell_id(value: Json) -> str:
    """An id as text. A number is known by its digits, as it stands in a path."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


def is_short(value: Json, longest: int) -> bool:
    """Tells whether a value is no object, no array, and no text of more than `longest` characters."""
    return len(value) <= longest if isinstance(value, str) else not isinstance(value, dict | list)


class Memory(Protocol):
    """Remembers exchanges by texts. It lives as long as the record."""

    def first(self, text: str, exchange: Exchange) -> Exchange:
        """The first exchange that had the text: the given one if none had it before, or `FORGOTTEN`."""

    def is_first(self, text: str, sketch: Sketch) -> bool:
        """Tells whether no other exchange had the text before. Then the exchange is remembered."""

    def note(self, text: str) -> None:
        """Remembers that an exchange has the text."""

    def __contains__(self, text: str) -> bool:
        """Tells whether an exchange had the text."""

    def keep(self, text: str, value: Json, name: str, make: Callable[[], Exchange]) -> None:
        """Keeps a value for a text, in place of the one before. `make` makes the exchange, whose id is `name`."""

    def last(self, text: str) -> tuple[Json, Exchange] | None:
        """The value that was kept last for a text, with its exchange or `FORGOTTEN`; None if there is none."""

    def last_value(self, text: str) -> Json:
        """The value that was kept last for a text, without making its exchange; None if there is none."""


class WholeMemory:
    """Remembers whole exchanges, which a finding needs to be shown again."""

    def __init__(self) -> None:
        self._exchanges: dict[str, Exchange] = {}
        self._kept: dict[str, tuple[Json, Exchange]] = {}

    def first(self, text: str, exchange: Exchange) -> Exchange:
        """The first exchange that had the text."""
        return self._exchanges.setdefault(text, exchange)

    def is_first(self, text: str, sketch: Sketch) -> bool:
        """Tells whether no other exchange had the text before."""
        return self.first(text, sketch.exchange()).id == sketch.id

    def note(self, text: str) -> None:
        """Remembers that an exchange has the text."""
        self._exchanges.setdefault(text, FORGOTTEN)

    def __contains__(self, text: str) -> bool:
        """Tells whether an exchange had the text."""
        return text in self._exchanges

    def keep(self, text: str, value: Json, name: str, make: Callable[[], Exchange]) -> None:  # noqa: ARG002 - a memory's
        """Keeps a value for a text."""
        self._kept[text] = (value, make())

    def last(self, text: str) -> tuple[Json, Exchange] | None:
        """The value that was kept last for a text."""
        return self._kept.get(text)

    def last_value(self, text: str) -> Json:
        """The value that was kept last for a text."""
        return self._kept[text][0] if text in self._kept else None


class BriefMemory:
    """Remembers the first exchanges whole, and of later ones their texts' hashes and values, in some 200 bytes each.

    It may be that of a part of a record. `known` is what the parts before had, of the texts that this part asks for.
    """

    def __init__(self, known: Known | None = None) -> None:
        self._known = known or {}
        self._owners: dict[bytes, int] = {}
        self._noted: set[str] = set()
        """Some of the texts that were noted: the same ones come again and again."""
        self._exchanges: dict[int, Callable[[], Exchange]] = {}
        self._kept: dict[bytes, tuple[Json, int]] = {}
        self._asked = "", _hash("")
        """The text that was asked for last, with its hash: it is often kept next."""
        self.missed: set[bytes] = set()
        """The hashes of texts that were asked for, and had not been there before."""

    @property
    def noted(self) -> Known:
        """The hashes of the texts that were there, with the values kept last."""
        return dict.fromkeys(self._owners) | {digest: value for digest, (value, _) in self._kept.items()}

    def first(self, text: str, exchange: Exchange) -> Exchange:
        """The first exchange that had the text, or `FORGOTTEN`."""
        owner = self._owner(text, exchange.id)
        if owner != hash(exchange.id):
            return self._exchange(owner)
        self._keep(owner, lambda: exchange)
        return exchange

    def is_first(self, text: str, sketch: Sketch) -> bool:
        """Tells whether no other exchange had the text before."""
        digest, owner = _hash(text), hash(sketch.id)
        if digest in self._known or self._owners.setdefault(digest, owner) != owner:
            return False
        self.missed.add(digest)
        if len(self._exchanges) < _WHOLE:
            self._exchanges[owner] = sketch.exchange
        return True

    def note(self, text: str) -> None:
        """Remembers that an exchange has the text."""
        if text in self._noted:
            return
        self._owners.setdefault(_hash(text), _NOBODY)
        if len(text) <= _SHORT:
            if len(self._noted) >= _WHOLE:
                self._noted.clear()
            self._noted.add(text)

    def __contains__(self, text: str) -> bool:
        """Tells whether an exchange had the text."""
        digest = _hash(text)
        if digest in self._owners or digest in self._known:
            return True
        self.missed.add(digest)
        return False

    def keep(self, text: str, value: Json, name: str, make: Callable[[], Exchange]) -> None:
        """Keeps a value for a text."""
        owner, (asked, digest) = hash(name), self._asked
        self._kept[digest if text == asked else _hash(text)] = (
            sys.intern(value) if isinstance(value, str) else value,
            owner,
        )
        if len(self._exchanges) < _WHOLE and owner not in self._exchanges:
            self._exchanges[owner] = make

    def last(self, text: str) -> tuple[Json, Exchange] | None:
        """The value that was kept last for a text."""
        value = self.last_value(text)
        digest = self._asked[1]
        if digest in self._kept:
            return value, self._exchange(self._kept[digest][1])
        return (value, FORGOTTEN) if digest in self._known else None

    def last_value(self, text: str) -> Json:
        """The value that was kept last for a text."""
        digest = _hash(text)
        self._asked = text, digest
        if digest in self._kept:
            return self._kept[digest][0]
        if digest in self._known:
            return self._known[digest]
        self.missed.add(digest)
        return None

    def _owner(self, text: str, name: str) -> int:
        """The hash of the id of the exchange that first had the text."""
        digest = _hash(text)
        owner = self._owners.get(digest)
        if owner is not None:
            return owner
        if digest in self._known:
            return _NOBODY
        self.missed.add(digest)
        self._owners[digest] = hash(name)
        return self._owners[digest]

    def _exchange(self, owner: int) -> Exchange:
        return self._exchanges[owner]() if owner in self._exchanges else FORGOTTEN

    def _keep(self, owner: int, make: Callable[[], Exchange]) -> None:
        if len(self._exchanges) < _WHOLE:
            self._exchanges[owner] = make


_NOBODY: Final = hash(FORGOTTEN.id)
"""Stands for an exchange of which no more is known than that it was there."""


def _hash(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()
