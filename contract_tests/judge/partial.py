"""The judgement of a part of a record, as data. Parts are judged anywhere, and merged in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from contract_tests.judge.counts import Counts
from contract_tests.judge.kinds import Kinds

if TYPE_CHECKING:
    from contract_tests.judge.references import Reference


class Partial(Struct):
    """The judgement of a part of a record. Without exchanges, it changes nothing that it is merged with."""

    counts: Counts = field(default_factory=Counts)
    kinds: Kinds = field(default_factory=Kinds)
    references: set[Reference] = field(default_factory=set)
    """The references that the account is known to have."""

    def add(self, later: Partial) -> None:
        """Adds the next part of the record."""
        self.kinds.merge(later.kinds, self.counts.requests)
        self.counts.add(later.counts)
        self.references |= later.references
