"""The outcomes of the runs, in words."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from contract_tests.result.words import counted

if TYPE_CHECKING:
    from contract_tests.kills.kill import Kill

_HEAD: Final = ("fault", "caught by", "requests", "calls", "seconds")


def describe_progress(number: int, total: int, missed: int, seconds: float) -> str:
    """How far the runs are."""
    return f"{number} of {counted(total, 'server')}, {missed} not caught, {seconds:.0f} s"


def describe_kills(on_the_mock: Kill, kills: list[Kill]) -> str:
    """A table of all runs, the missed faults, the findings against a server that breaks nothing, and the score."""
    rows = [_row(found) for found in kills]
    widths = [max(map(len, column)) for column in zip(_HEAD, *rows, strict=True)]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (_HEAD, *rows)]
    hidden = [found for found in kills if found.why_not_shown]
    missed = [_describe_miss(found) for found in kills if not found.is_caught and not found.why_not_shown]
    requests, calls = median(found.requests for found in kills), median(found.calls for found in kills)
    found = ", ".join(on_the_mock.caught_by) or "nothing"
    thorough = sum(found.is_thorough and found.is_caught for found in kills)
    showable = len(kills) - len(hidden)
    caught = f"{showable - len(missed)} of {counted(showable, 'fault')} caught"
    caught += f", {thorough} of them with --thorough" if thorough else ""
    return "\n".join(
        [
            *(line.rstrip() for line in table),
            "",
            *(f"not to be seen in a recording  {found.fault}: {found.why_not_shown}" for found in hidden),
            *missed,
            f"on the mock itself: {found} found; {_describe_size(on_the_mock.requests, on_the_mock.calls)}",
            f"{caught}; median {_describe_size(requests, calls)}",
        ]
    )


def _describe_size(requests: float, calls: float) -> str:
    return f"{counted(requests, 'request')}, {counted(calls, 'call')}"


def _row(found: Kill) -> tuple[str, ...]:
    by = (found.expected or ", ".join(found.caught_by)) if found.is_caught else "MISSED"
    return (found.fault, by, str(found.requests), str(found.calls), f"{found.seconds:.1f}")


def _describe_miss(found: Kill) -> str:
    note = f": {found.note}" if found.note else ""
    by = ", ".join(found.caught_by) or "nothing"
    return f"MISSED  {found.fault}: expected {found.expected or 'anything'}, found {by}{note}"
