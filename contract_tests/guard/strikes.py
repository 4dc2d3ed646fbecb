"""Kinds of requests that an operation should have refused and did not: none is paid for more than three times.

Operations are counted apart, so that it does not matter to one which of them is tested before it, or beside it.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Final

from contract_tests.judge.violations import Violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Request

MAX_STRIKES: Final = 3
"""How often a kind of violation is accepted until it is established."""


class Strikes:
    """Counts how often each kind of violation was accepted, by the contract that a function gives."""

    def __init__(self, contract: Callable[[], Contract]) -> None:
        self._contract = contract
        self._accepted: Counter[tuple[str, str]] = Counter()
        """By the operation and the kind."""

    def established(self, request: Request) -> str | None:
        """The kind of a request whose every violation is established, in words; None for any other request."""
        if not any(number >= MAX_STRIKES for number in self._accepted.values()):
            return None
        kinds = self._kinds(request)
        is_established = kinds and all(self._accepted[kind] >= MAX_STRIKES for kind in kinds)
        return ", ".join(kind for _, kind in kinds) if is_established else None

    def note_accepted(self, request: Request) -> None:
        """Takes into account that a request may have made a call."""
        self._accepted.update(self._kinds(request))

    def _kinds(self, request: Request) -> list[tuple[str, str]]:
        operation = self._contract().paths.find(request.method, request.path)
        label = operation.label if operation else ""
        return [(label, kind) for kind in self._violations.kinds(request)]

    @cached_property
    def _violations(self) -> Violations:
        return Violations(self._contract())
