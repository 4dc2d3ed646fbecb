"""Requests in a row that got no answer: after some, an operation is given up, and after more, the target."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from contract_tests.guard.upstream import Outcome

LOST_AFTER: Final = 5
"""After so many time-outs in a row, an operation is given up; after so many requests that reach nobody, the target."""


class Silence:
    """Counts requests without an answer. `workers` is how many operations are tested at the same time.

    An operation may hang where all others answer. So the target is lost only once more operations hang than workers
    may have under way.
    """

    def __init__(self, workers: int) -> None:
        self._lost_after = LOST_AFTER * (workers + 1)
        self._unreached = 0
        self._unanswered = 0
        self._of_operation: Counter[str] = Counter()

    def note(self, operation: str, outcome: Outcome) -> None:
        """Takes into account what came of a request for an operation, by its label."""
        is_silent = outcome.reached_nobody or outcome.timed_out
        self._unreached = self._unreached + 1 if outcome.reached_nobody else 0
        self._unanswered = self._unanswered + 1 if is_silent else 0
        self._of_operation[operation] = self._of_operation[operation] + 1 if is_silent else 0

    def explain(self, operation: str) -> str | None:
        """The reason why nothing more is sent for an operation; None if something is."""
        if self._unreached >= LOST_AFTER or self._unanswered >= self._lost_after:
            return f"the target did not answer the last {max(self._unreached, self._unanswered)} requests"
        if self._of_operation[operation] >= LOST_AFTER:
            return f"{operation or 'the target'} did not answer the last {LOST_AFTER} requests"
        return None
