"""What came of the runs, in words."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract_tests.kills.kill import Kill


def describe_kill(found: Kill, progress: str = "") -> str:
    """One line: whether a fault was caught, by what, and what it took."""
    word = "caught" if found.is_caught else "MISSED"
    by = ", ".join(found.caught_by) or "nothing"
    expected = f"by {by}" if found.is_caught else f"expected {found.expected or 'anything'}, found {by}"
    note = f"\n    {found.note}" if found.note and not found.is_caught else ""
    return f"{progress}{word}  {found.fault}  [{expected}; {_effort(found)}]{note}"


def describe_score(on_the_mock: Kill, kills: list[Kill]) -> str:
    """The last lines: what was missed, what a server that breaks nothing was taken for, and the score."""
    missed = [describe_kill(found) for found in kills if not found.is_caught]
    found = ", ".join(on_the_mock.caught_by) or "nothing"
    requests, calls = median(kill.requests for kill in kills), median(kill.calls for kill in kills)
    return "\n".join(
        [
            *missed,
            f"on the mock itself: {found} found; {_effort(on_the_mock)}",
            f"{len(kills) - len(missed)} of {len(kills)} faults caught; median {requests:g} requests, {calls:g} calls",
        ]
    )


def _effort(found: Kill) -> str:
    return f"{found.requests} requests, {found.calls} calls, {found.seconds:.1f} s"
