"""The memory of a check about the record: which exchange first had a value."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Protocol

from contract_tests.exchange.exchange import Exchange, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from contract_tests.judge.sketch import Sketch

FORGOTTEN: Final = Exchange(Request("", ""))
"""Stands for an exchange that was before, and of which no more is known."""
_WHOLE: Final = 1000
"""How many exchanges a brief memory remembers whole."""
_SHORT: Final = 512
"""The longest text that is remembered whole, in characters."""
_BYTES: Final = 16
"""Of a value's hash. Two values of a record have the same one with a chance that nobody meets."""


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


class WholeMemory:
    """Remembers whole exchanges, which a finding needs to be shown again."""

    def __init__(self) -> None:
        self._exchanges: dict[str, Exchange] = {}

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


class BriefMemory:
    """Remembers the first exchanges whole, and of later ones that their text was there, in some 120 bytes each.

    It may be that of a part of a record. `known` are the hashes of texts that were in the parts before.
    """

    def __init__(self, known: Collection[bytes] = ()) -> None:
        self._known = known
        self._owners: dict[bytes, int] = {}
        self._noted: set[str] = set()
        """Some of the texts that were noted: the same ones come again and again."""
        self._exchanges: dict[int, Callable[[], Exchange]] = {}
        self.missed: set[bytes] = set()
        """The hashes of texts that were asked for, and had not been there before."""

    @property
    def noted(self) -> Collection[bytes]:
        """The hashes of the texts that were there."""
        return self._owners.keys()

    def first(self, text: str, exchange: Exchange) -> Exchange:
        """The first exchange that had the text, or `FORGOTTEN`."""
        owner = self._owner(text, exchange.id)
        if owner != hash(exchange.id):
            return self._exchanges[owner]() if owner in self._exchanges else FORGOTTEN
        self._keep(owner, lambda: exchange)
        return exchange

    def is_first(self, text: str, sketch: Sketch) -> bool:
        """Tells whether no other exchange had the text before."""
        owner = self._owner(text, sketch.id)
        if owner != hash(sketch.id):
            return False
        self._keep(owner, sketch.exchange)
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

    def _keep(self, owner: int, make: Callable[[], Exchange]) -> None:
        if len(self._exchanges) < _WHOLE:
            self._exchanges[owner] = make


_NOBODY: Final = hash(FORGOTTEN.id)
"""Stands for an exchange of which no more is known than that it was there."""


def _hash(text: str) -> bytes:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=_BYTES).digest()
