"""The memory of a check about the record: which exchange first had a value."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final, Protocol

from contract_tests.exchange.exchange import Exchange, Request

FORGOTTEN: Final = Exchange(Request("", ""))
"""Stands for an exchange that was before, and of which no more is known."""
_WHOLE: Final = 1000
"""How many exchanges a brief memory remembers whole."""
_BYTES: Final = 16
"""Of a value's hash. Two values of a record have the same one with a chance that nobody meets."""


class Memory(Protocol):
    """Remembers exchanges by texts. It lives as long as the record."""

    def first(self, text: str, exchange: Exchange) -> Exchange:
        """The first exchange that had the text: the given one if none had it before, or `FORGOTTEN`."""

    def __contains__(self, text: str) -> bool:
        """Tells whether an exchange had the text."""


class WholeMemory:
    """Remembers whole exchanges, which a finding needs to be shown again."""

    def __init__(self) -> None:
        self._exchanges: dict[str, Exchange] = {}

    def first(self, text: str, exchange: Exchange) -> Exchange:
        """The first exchange that had the text."""
        return self._exchanges.setdefault(text, exchange)

    def __contains__(self, text: str) -> bool:
        """Tells whether an exchange had the text."""
        return text in self._exchanges


class BriefMemory:
    """Remembers the first exchanges whole, and of later ones that their text was there, in some 120 bytes each."""

    def __init__(self) -> None:
        self._owners: dict[bytes, int] = {}
        self._exchanges: dict[int, Exchange] = {}

    def first(self, text: str, exchange: Exchange) -> Exchange:
        """The first exchange that had the text, or `FORGOTTEN`."""
        owner = self._owners.setdefault(_hash(text), hash(exchange.id))
        if owner == hash(exchange.id):
            if len(self._exchanges) < _WHOLE:
                self._exchanges[owner] = exchange
            return exchange
        return self._exchanges.get(owner, FORGOTTEN)

    def __contains__(self, text: str) -> bool:
        """Tells whether an exchange had the text."""
        return _hash(text) in self._owners


def _hash(text: str) -> bytes:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=_BYTES).digest()
