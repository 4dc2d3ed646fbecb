"""The pace of a run: what it tries now, how far that is, and how long it will take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from contract_tests.report.progress import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.guard.guard import Progress

PREFLIGHT: Final = "is the server there?"
VALID: Final = "documented choices"
INVALID: Final = "invalid requests"
ENGINE: Final = "Schemathesis"
SPARE: Final = "spare requests"
NARROWING: Final = "narrowing failures"


@dataclass
class Pace:
    """Turns the guard's word about each exchange into a status.

    `deadline` is when the run is to end, on the clock, which is the monotonic one.
    """

    tell: Callable[[Status], None]
    max_calls: int | None
    deadline: float
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    def __post_init__(self) -> None:
        self._exchanges = 0
        self.begin(PREFLIGHT)

    def begin(self, phase: str, planned: int | None = None) -> None:
        """Begins a phase, which has so many requests, if that is known."""
        self._phase, self._planned = phase, planned
        self._before, self._began = self._exchanges, self.clock()

    def hear(self, progress: Progress) -> None:
        """Takes the guard's word, and tells the status."""
        self._exchanges = progress.exchanges
        done = progress.exchanges - self._before
        planned = max(self._planned, done) if self._planned else None
        self.tell(
            Status(
                phase=self._phase,
                exchanges=progress.exchanges,
                done=done,
                planned=planned,
                calls=progress.calls,
                max_calls=self.max_calls,
                left=self._left(done, planned),
                waits=progress.waits,
            )
        )

    def _left(self, done: int, planned: int | None) -> float:
        """How long the phase will take at its pace, in seconds, and no longer than it may."""
        now = self.clock()
        at_most = max(0.0, self.deadline - now)
        if planned is None or not done:
            return at_most
        return min(at_most, (now - self._began) / done * (planned - done))
