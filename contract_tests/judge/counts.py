"""The counts of a part of a record, as data: parts that were judged apart are added up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from contract_tests.contract.facts import Fact
    from contract_tests.contract.statements import Key
    from contract_tests.judge.additions import Field


class Place(NamedTuple):
    """A body that statements are about."""

    operation: str
    """Its label."""
    body: str
    """`request`, or the status as the spec writes it."""


@dataclass
class Counts:
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

    def take(self) -> Counts:
        """The counts so far. From here on, it counts anew."""
        taken = Counts(self.requests, *(Counter(getattr(self, each.name)) for each in fields(self)[1:]))
        self.requests = 0
        for each in fields(self)[1:]:
            getattr(self, each.name).clear()
        return taken

    def add(self, others: Counts) -> None:
        """Adds the counts of another part."""
        self.requests += others.requests
        for each in fields(self)[1:]:
            getattr(self, each.name).update(getattr(others, each.name))
