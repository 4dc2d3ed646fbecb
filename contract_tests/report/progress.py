"""How far a run is, in a line."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from contract_tests.report.folding import cut_to
from contract_tests.result.words import counted

_MINUTE: Final = 60


class Status(Struct, frozen=True):
    """How far a run is. Times are in seconds."""

    phase: str
    """The name of the part of the run that is under way."""
    exchanges: int
    """How many requests were answered since the run began."""
    done: int
    """How many of them since the phase began."""
    planned: int | None
    """How many requests the phase has; None if nobody knows."""
    calls: int
    max_calls: int | None
    left: float
    """How long the phase will take at its pace; how long it may take, where nobody knows how many requests it has."""
    waits: float | None = None
    """How long the guard now waits, because the target asks for time; None if it does not."""


def describe_status(status: Status, width: int | None = None) -> str:
    """A line about the phase, the calls it took of how many, and the time it will take; cut to a width, in columns."""
    done = f"{status.done} of {status.planned}" if status.planned else counted(status.done, "request")
    calls = f"{status.calls} of {status.max_calls} calls" if status.max_calls else counted(status.calls, "call")
    line = f"{status.phase}: {done}, {calls}, {'about' if status.planned else 'at most'} {in_words(status.left)} left"
    return line if width is None else cut_to(line, width)


def describe_reading(entries: int, share: float | None, seconds: float) -> str:
    """A line about a recording: the entries that are judged, how many a second, and how long the rest will take.

    `share` is how much of all bytes is read, from 0 to 1; None if nobody knows how many there are.

    >>> describe_reading(12000, 0.25, 2.0)
    '12000 entries, 6000 a second, about 6 s left'
    """
    line = f"{counted(entries, 'entry', 'entries')}, {entries / max(seconds, 0.001):.0f} a second"
    return f"{line}, about {in_words(seconds / share - seconds)} left" if share else line


def describe_wait(seconds: float) -> str:
    """Why nothing happens for a while."""
    return f"waiting {seconds:g} s, because the server asks for it (Retry-After)"


def in_words(seconds: float) -> str:
    """A duration for people.

    >>> in_words(0.2), in_words(59.4), in_words(150)
    ('1 s', '59 s', '3 min')
    """
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 2 * _MINUTE else f"{-(-whole // _MINUTE)} min"
