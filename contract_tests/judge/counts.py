"""The counts of a part of a record, as data: parts that were judged apart are added up."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.contract.facts import Fact
    from contract_tests.contract.statements import Key

NAMES: Final = 10_000
"""How many names that requests made up are remembered."""
Field = tuple[str, str]
"""The schema that lacks a field, and the field's name."""


class Place(NamedTuple):
    """A body that statements are about, or all parameters."""

    operation: str
    """Its label."""
    body: str
    """As in a result: `request`, the status as the spec writes it, or `parameters`."""


class Counts(Struct):
    """In how many exchanges something was so."""

    requests: int = 0
    """How many there were."""
    passed: Counter[str] = field(default_factory=Counter)
    """By check."""
    failed: Counter[str] = field(default_factory=Counter)
    kept: Counter[Fact] = field(default_factory=Counter)
    not_judged: Counter[Fact] = field(default_factory=Counter)
    additions: Counter[Field] = field(default_factory=Counter)
    bodies: Counter[Place] = field(default_factory=Counter)
    tried_statements: Counter[tuple[Place, Key]] = field(default_factory=Counter)
    kept_statements: Counter[tuple[Place, Key]] = field(default_factory=Counter)
    violated_statements: Counter[tuple[Place, Key]] = field(default_factory=Counter)
    made_up: set[str] = field(default_factory=set)
    """The names of fields that requests made up: those of the lowest hashes, so that parts add up in any order."""

    def take(self) -> Counts:
        """The counts so far. From here on, it counts anew."""
        taken = Counts()
        taken.add(self)
        self.requests = 0
        for name in (*_COUNTERS, "made_up"):
            getattr(self, name).clear()
        return taken

    def add(self, others: Counts) -> None:
        """Adds the counts of another part."""
        self.requests += others.requests
        for name in _COUNTERS:
            getattr(self, name).update(getattr(others, name))
        self.note_made_up(others.made_up)

    def note_made_up(self, names: Iterable[str]) -> None:
        """Takes names into account that a request made up."""
        self.made_up.update(names)
        if len(self.made_up) > NAMES:
            self.made_up = set(sorted(self.made_up, key=_rank)[:NAMES])


_COUNTERS: Final = tuple(name for name in Counts.__struct_fields__ if name not in {"requests", "made_up"})


def _rank(name: str) -> bytes:
    return blake2b(name.encode(errors="surrogatepass"), digest_size=16).digest()
