"""Kinds of exchanges: of millions that break the same in the same way, a few are kept, and the others counted."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from contract_tests.judge.occurrence import Occurrence
from contract_tests.judge.one_place import way_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from contract_tests.judge.judge import Failure, Judged

EXAMPLES: Final = 5
"""How many exchanges of a kind are kept."""
MAX_KINDS: Final = 1000
"""How many kinds are told apart by all that is known of them. Further ones are told apart by their failures alone."""


class Kind(Struct, frozen=True):
    """Exchanges of one kind."""

    rank: bytes
    """Decides which kinds are told apart, if there are too many. It follows from the kind alone."""
    coarse: Hashable
    """The kind without all but its failures."""
    count: int
    kept: tuple[Judged, ...]
    """The first ones."""

    def with_others(self, count: int, kept: tuple[Judged, ...]) -> Kind:
        """The kind with other exchanges."""
        first = sorted((*self.kept, *kept), key=_place)[:EXAMPLES]
        return replace(self, count=self.count + count, kept=tuple(first))


class Kinds:
    """The kinds of judged exchanges, in memory that does not grow with their number.

    Where there are more than `MAX_KINDS`, those of the lowest ranks are told apart. So it does not matter in how many
    parts exchanges come.
    """

    def __init__(self) -> None:
        self._kinds: dict[Hashable, Kind] = {}
        self._coarse: dict[Hashable, Kind] = {}
        self._highest: bytes | None = None
        """The highest rank of a kind that is told apart, where there are as many as there may be."""

    def __len__(self) -> int:
        return len(self._kinds)

    def note(self, judged: Judged, *aside: Hashable) -> None:
        """Takes an exchange into account. `aside` is what else tells it from others."""
        key = (_kind_of(judged), aside)
        known = self._kinds.get(key)
        if known is None:
            self._add(key, Kind(_rank(key), _coarse_kind_of(judged), 1, (judged,)))
        elif len(known.kept) < EXAMPLES:
            self._kinds[key] = known.with_others(1, (judged,))
        else:
            self._kinds[key] = replace(known, count=known.count + 1)

    def merge(self, others: Kinds, offset: int) -> None:
        """Adds the kinds of a later part of the record, before which there were `offset` exchanges."""
        for key, kind in others._kinds.items():
            self._add(key, _moved(kind, offset))
        for kind in others._coarse.values():
            self._add_coarse(_moved(kind, offset))

    def judged(self) -> tuple[Judged, ...]:
        """The kept exchanges in the order of the record. The first of each kind stands for those that are not kept."""
        kinds = (*self._kinds.values(), *self._coarse.values())
        return tuple(sorted((each for kind in kinds for each in _weighed(kind)), key=_place))

    def _add(self, key: Hashable, kind: Kind) -> None:
        if key in self._kinds:
            self._kinds[key] = self._kinds[key].with_others(kind.count, kind.kept)
        elif self._highest is not None and kind.rank > self._highest:
            self._add_coarse(kind)
        else:
            self._kinds[key] = kind
            self._make_room()

    def _make_room(self) -> None:
        """Tells the kind of the highest rank no longer apart, if there are too many."""
        if len(self._kinds) > MAX_KINDS:
            self._add_coarse(self._kinds.pop(max(self._kinds, key=lambda key: self._kinds[key].rank)))
        if len(self._kinds) == MAX_KINDS:
            self._highest = max(kind.rank for kind in self._kinds.values())

    def _add_coarse(self, kind: Kind) -> None:
        known = self._coarse.get(kind.coarse)
        self._coarse[kind.coarse] = known.with_others(kind.count, kind.kept) if known else kind


def _weighed(kind: Kind) -> Iterator[Judged]:
    first, *others = kind.kept
    yield replace(first, times=kind.count - len(others))
    yield from others


def _moved(kind: Kind, offset: int) -> Kind:
    """The kind, its exchanges so many places later in the record."""
    return replace(kind, kept=tuple(replace(each, place=_place(each) + offset) for each in kind.kept))


def _place(judged: Judged) -> int:
    return judged.place or 0


def _rank(key: Hashable) -> bytes:
    return blake2b(repr(key).encode(errors="surrogatepass"), digest_size=16).digest()


def _kind_of(judged: Judged) -> Hashable:
    """Whatever causes and gaps are found by (see causes.py, one_place.py, completeness.py)."""
    seen = judged.seen
    breaches = seen.sent.breaches if not judged.failures and not judged.exchange.is_accepted else ()
    return (
        *_coarse_kind_of(judged),
        judged.passed,
        tuple(_ways(failure, judged) for failure in judged.failures),
        tuple((way_of(breach.location), breach.missing) for breach in breaches),
    )


def _coarse_kind_of(judged: Judged) -> tuple[Hashable, ...]:
    seen, response = judged.seen, judged.exchange.response
    failures = ((each.check, each.pointer, each.missing, each.kind, each.standing) for each in judged.failures)
    return seen.operation.label, seen.request.method, response and response.status, tuple(failures)


def _ways(failure: Failure, judged: Judged) -> Hashable:
    parts = Occurrence(failure, judged, 0).parts
    return failure.gravity, failure.same_as, tuple(map(tuple, map(way_of, parts)))
