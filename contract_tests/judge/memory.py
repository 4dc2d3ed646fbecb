"""The memory of checks about the record: which exchange first had a text, and the value kept last for one.

Several checks ask about the same id. So a text stands under a topic, and is hashed once for all of them.
"""

from __future__ import annotations

import json
import sys
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct, field

from contract_tests.exchange.exchange import Exchange, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from spec.json_value import Json

    Known = Mapping[str, Mapping[bytes, Json]]
    """By topics, the hashes of texts that were there, each with the value that was kept for it last, or None."""
    Missed = Mapping[str, AbstractSet[bytes]]
    """By topics, the hashes of texts that were not there."""
    Text = tuple[str, str]
    """A topic, and a text that exchanges have or have not under it."""

FORGOTTEN: Final = Exchange(Request("", ""))
"""Stands for an exchange that was before, and of which no more is known."""
_WHOLE: Final = 1000
"""How many exchanges a brief memory remembers whole."""
_SHORT: Final = 512
"""The longest text that is remembered whole."""
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

    def first(self, text: Text, exchange: Exchange) -> Exchange:
        """The first exchange that had the text: the given one if none had it before, or `FORGOTTEN`."""

    def note(self, text: Text) -> None:
        """Remembers that an exchange has the text."""

    def __contains__(self, text: Text) -> bool:
        """Tells whether an exchange had the text."""

    def keep(self, text: Text, value: Json, name: str, make: Callable[[], Exchange]) -> None:
        """Keeps a value for a text, in place of the one before. `make` makes the exchange, whose id is `name`."""

    def last(self, text: Text) -> tuple[Json, Exchange] | None:
        """The value that was kept last for a text, with its exchange or `FORGOTTEN`; None if there is none."""


class WholeMemory:
    """Remembers whole exchanges, which a finding needs to be shown again."""

    def __init__(self) -> None:
        self._exchanges: dict[Text, Exchange] = {}
        self._kept: dict[Text, tuple[Json, Exchange]] = {}

    def first(self, text: Text, exchange: Exchange) -> Exchange:
        """The first exchange that had the text."""
        return self._exchanges.setdefault(text, exchange)

    def note(self, text: Text) -> None:
        """Remembers that an exchange has the text."""
        self._exchanges.setdefault(text, FORGOTTEN)

    def __contains__(self, text: Text) -> bool:
        """Tells whether an exchange had the text."""
        return text in self._exchanges

    def keep(self, text: Text, value: Json, name: str, make: Callable[[], Exchange]) -> None:  # noqa: ARG002 - a memory's
        """Keeps a value for a text."""
        self._kept[text] = (value, make())

    def last(self, text: Text) -> tuple[Json, Exchange] | None:
        """The value that was kept last for a text."""
        return self._kept.get(text)


class Topic(Struct, eq=False):
    """The texts of a topic, by their hashes."""

    known: Mapping[bytes, Json] = {}
    """Those that the parts of the record before had, as far as this part asks for them."""
    owners: dict[bytes, int] = field(default_factory=dict)
    """Each with the owner that first had it."""
    kept: dict[bytes, tuple[Json, int]] = field(default_factory=dict)
    """Each with the value that was kept last for it, and by which owner."""
    missed: set[bytes] = field(default_factory=set)
    """Those that were asked for, and had not been there before."""

    def begin(self, known: Mapping[bytes, Json]) -> None:
        """Begins a part of a record."""
        self.known, self.owners, self.kept, self.missed = known, {}, {}, set()

    @property
    def noted(self) -> Mapping[bytes, Json]:
        """Those that were there, with the values kept last."""
        return dict.fromkeys(self.owners) | {digest: value for digest, (value, _) in self.kept.items()}

    def has(self, digest: bytes) -> bool:
        """Tells whether a text was there."""
        if digest in self.owners or digest in self.known:
            return True
        self.missed.add(digest)
        return False

    def first_owner(self, digest: bytes, owner: int) -> int:
        """The owner that first had a text: the given one if none had it before."""
        found = self.owners.get(digest)
        if found is not None:
            return found
        if digest in self.known:
            return _NOBODY
        self.missed.add(digest)
        self.owners[digest] = owner
        return owner

    def keep(self, digest: bytes, value: Json, owner: int) -> None:
        """Keeps a value for a text."""
        self.kept[digest] = (sys.intern(value) if type(value) is str else value, owner)

    def value(self, digest: bytes) -> Json:
        """The value that was kept last for a text; None if there is none."""
        kept = self.kept.get(digest)
        if kept is not None:
            return kept[0]
        if digest in self.known:
            return self.known[digest]
        self.missed.add(digest)
        return None


class BriefMemory:
    """Remembers the first exchanges whole, and of later ones their texts' hashes and values, in some 200 bytes each.

    It is that of a part of a record, which begins with `begin`. An owner is the hash of an exchange's id.
    """

    def __init__(self) -> None:
        self._topics: dict[str, Topic] = {}
        self.hash_of: Final = _Hashes().__getitem__
        """Gives the hash of a text in UTF-8."""
        self.begin({})

    def begin(self, known: Known) -> None:
        """Begins a part of a record. `known` is what the parts before had, of the texts that this part asks for."""
        self._known = known
        self._repeated: set[Text] = set()
        """Some of the texts that were noted: the same ones come again and again."""
        self._exchanges: dict[int, Callable[[], Exchange]] = {}
        for name, topic in self._topics.items():
            topic.begin(known.get(name, {}))

    def topic(self, name: str) -> Topic:
        """A topic by its name. It stays the same in all parts of a record."""
        topic = self._topics.get(name)
        if topic is None:
            topic = self._topics[name] = Topic(self._known.get(name, {}))
        return topic

    @property
    def noted(self) -> Known:
        """The hashes of the texts that were there, with the values kept last."""
        return {name: noted for name, topic in self._topics.items() if (noted := topic.noted)}

    @property
    def missed(self) -> Missed:
        """The hashes of the texts that were asked for, and had not been there before."""
        return {name: topic.missed for name, topic in self._topics.items() if topic.missed}

    def first(self, text: Text, exchange: Exchange) -> Exchange:
        """The first exchange that had the text, or `FORGOTTEN`."""
        own = owner_of(exchange.id)
        owner = self.topic(text[0]).first_owner(self._hash(text), own)
        if owner != own:
            return self._exchange(owner)
        self.keep_whole(owner, lambda: exchange)
        return exchange

    def note(self, text: Text) -> None:
        """Remembers that an exchange has the text."""
        if text in self._repeated:
            return
        self.topic(text[0]).owners.setdefault(self._hash(text), _NOBODY)
        if len(text[1]) <= _SHORT:
            if len(self._repeated) >= _WHOLE:
                self._repeated.clear()
            self._repeated.add(text)

    def __contains__(self, text: Text) -> bool:
        """Tells whether an exchange had the text."""
        return self.topic(text[0]).has(self._hash(text))

    def keep(self, text: Text, value: Json, name: str, make: Callable[[], Exchange]) -> None:
        """Keeps a value for a text."""
        owner = owner_of(name)
        self.topic(text[0]).keep(self._hash(text), value, owner)
        self.keep_whole(owner, make)

    def last(self, text: Text) -> tuple[Json, Exchange] | None:
        """The value that was kept last for a text."""
        topic, digest = self.topic(text[0]), self._hash(text)
        value = topic.value(digest)
        if digest in topic.kept:
            return value, self._exchange(topic.kept[digest][1])
        return (value, FORGOTTEN) if digest in topic.known else None

    def keep_whole(self, owner: int, make: Callable[[], Exchange]) -> None:
        """Remembers an exchange whole, if it is one of the first."""
        if len(self._exchanges) < _WHOLE:
            self._exchanges.setdefault(owner, make)

    def _hash(self, text: Text) -> bytes:
        return self.hash_of(encode(text[1]))

    def _exchange(self, owner: int) -> Exchange:
        return self._exchanges[owner]() if owner in self._exchanges else FORGOTTEN


def encode(text: str) -> bytes:
    """A text in UTF-8, as memories hash it. Servers may send halves of surrogate pairs."""
    return text.encode("utf-8", "surrogatepass")


class _Hashes(dict[bytes, bytes]):
    """The hashes of the last short texts: most are asked for several times at once."""

    def __missing__(self, text: bytes) -> bytes:
        """The hash of another text."""
        digest = blake2b(text, digest_size=_BYTES).digest()
        if len(text) <= _SHORT:
            if len(self) >= _WHOLE:
                self.clear()
            self[text] = digest
        return digest


owner_of: Final = hash
"""Gives an exchange by its id as memories know it."""


_NOBODY: Final = owner_of(FORGOTTEN.id)
"""Stands for an exchange of which no more is known than that it was there."""
