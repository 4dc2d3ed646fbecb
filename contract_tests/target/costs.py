"""Which requests are calls, so that the budget counts them: the target's word, else the spec's."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from contract_tests.contract.paths import Paths
from spec.costs import SAFE_METHODS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.contract.operations import Operation


@dataclass(frozen=True)
class Costs:
    """The operations of a contract, and which of them cost. Pure data, so that the guard need not read the spec."""

    operations: tuple[Operation, ...]
    words: Mapping[str, bool] = field(default_factory=dict)
    """The target's own word, by the operation's label: `GET /lookups`."""

    @cached_property
    def _paths(self) -> Paths:
        return Paths(self.operations)

    def of(self, operation: Operation) -> bool:
        """Tells whether an operation costs."""
        return self.words.get(operation.label, operation.costs)

    def may_be_call(self, method: str, path: str) -> bool:
        """Tells whether an accepted request may be a call.

        A server may take an undocumented method for one that the path has, so each costs where any of the path does.
        """
        if operation := self._paths.find(method, path):
            return self.of(operation)
        others = self._paths.at(path)
        return any(map(self.of, others)) if others else method not in SAFE_METHODS
