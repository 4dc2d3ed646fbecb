"""What came of the runs, in words."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract_tests.kills.kill import Kill


def describe_kill(found: Kill, progress: str) -> str:
    """One line: whether a fault was caught, by what, and what it took."""
    word = "caught" if found.is_caught else "MISSED"
    by = (
        found.expected
        if found.is_caught
        else f"expected {found.expected}, found {', '.join(found.caught_by) or 'nothing'}"
    )
    effort = f"{found.requests} requests, {found.calls} calls, {found.seconds:.1f} s"
    note = f"\n    {found.note}" if found.note and not found.is_caught else ""
    return f"{progress}  {word}  {found.fault}  [{by}; {effort}]{note}"


def describe_score(kills: list[Kill]) -> str:
    """The last lines: what was missed, and the score."""
    missed = [found for found in kills if not found.is_caught]
    lines = [describe_kill(found, "") for found in missed]
    requests, calls = median(found.requests for found in kills), median(found.calls for found in kills)
    effort = f"median {requests:.0f} requests, {calls:.0f} calls until caught"
    return "\n".join([*lines, f"{len(kills) - len(missed)} of {len(kills)} faults caught; {effort}"])
