"""Kinds of exchanges: of millions that break the same in the same way, a few are kept, and the others counted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from contract_tests.judge.occurrence import Occurrence
from contract_tests.judge.one_place import way_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from contract_tests.judge.judge import Failure, Judged

EXAMPLES: Final = 5
"""How many exchanges of a kind are kept."""
MAX_KINDS: Final = 1000
"""How many kinds are told apart by all that is known of them. Further ones are told apart by their failures alone."""


@dataclass
class _Kind:
    kept: list[Judged] = field(default_factory=list)
    count: int = 0


class Kinds:
    """The kinds of judged exchanges, in memory that does not grow with their number."""

    def __init__(self) -> None:
        self._kinds: dict[Hashable, _Kind] = {}

    def __len__(self) -> int:
        return len(self._kinds)

    def note(self, judged: Judged, *aside: Hashable) -> None:
        """Takes an exchange into account. `aside` is what else tells it from others."""
        key = (_kind_of(judged), aside)
        if key not in self._kinds and len(self._kinds) >= MAX_KINDS:
            key = (_coarse_kind_of(judged), ())
        kind = self._kinds.setdefault(key, _Kind())
        kind.count += 1
        if len(kind.kept) < EXAMPLES:
            kind.kept.append(judged)

    def judged(self) -> tuple[Judged, ...]:
        """The kept exchanges in the order of the record. The first of each kind stands for those that are not kept."""
        kept = (each for kind in self._kinds.values() for each in _weighed(kind))
        return tuple(sorted(kept, key=lambda judged: judged.place or 0))


def _weighed(kind: _Kind) -> Iterator[Judged]:
    first, *others = kind.kept
    yield replace(first, times=kind.count - len(others))
    yield from others


def _kind_of(judged: Judged) -> Hashable:
    """Whatever causes and gaps are found by (see causes.py, one_place.py, completeness.py)."""
    seen = judged.seen
    breaches = seen.request_breaches if not judged.failures and not judged.exchange.is_accepted else ()
    return (
        *_coarse_kind_of(judged),
        judged.passed,
        tuple(_ways(failure, judged) for failure in judged.failures),
        tuple((way_of(breach.location), breach.missing) for breach in breaches),
    )


def _coarse_kind_of(judged: Judged) -> tuple[Hashable, ...]:
    seen, response = judged.seen, judged.exchange.response
    failures = ((each.check, each.pointer, each.missing, each.kind, each.standing) for each in judged.failures)
    return seen.operation.label, seen.method, response and response.status, tuple(failures)


def _ways(failure: Failure, judged: Judged) -> Hashable:
    parts = Occurrence(failure, judged, 0).parts
    return failure.gravity, failure.same_as, tuple(map(tuple, map(way_of, parts)))
