"""The timeline of a run on the page: a bar a phase, and where each cause was first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.result.course import Phase, Sighting, Timeline

_LEAST = 0.6
"""The least width of a bar, in percent."""


class Tick(Struct, frozen=True):
    """Where a finding was first seen: its place on the bar, in percent of the whole."""

    finding: int
    x: float
    words: str


class Row(Struct, frozen=True):
    """A phase: where its bar begins and how long it is, in percent of the whole."""

    name: str
    x: float
    width: float
    when: str
    requests: int
    calls: int
    ticks: tuple[Tick, ...]


def show_timeline(timeline: Timeline) -> tuple[Row, ...]:
    """The phases in their order."""
    total = max((phase.end or 0.0 for phase in timeline.phases), default=0.0)
    requests = sum(phase.requests for phase in timeline.phases)
    return tuple(_row(phase, timeline.sightings, total, requests) for phase in timeline.phases)


def _row(phase: Phase, sightings: Sequence[Sighting], total: float, requests: int) -> Row:
    seen = [sighting for sighting in sightings if sighting.phase == phase.name]
    ticks = tuple(Tick(each.finding, _x(each, total, requests), say_sighting(each)) for each in seen)
    if phase.start is None or phase.end is None or not total:
        return Row(phase.name, 0, 100, "times are not known", phase.requests, phase.calls, ticks)
    x, width = _percent(phase.start, total), max(_LEAST, _percent(phase.end - phase.start, total))
    when = f"{phase.start:.1f} to {phase.end:.1f} s"
    return Row(phase.name, min(x, 100 - width), width, when, phase.requests, phase.calls, ticks)


def _x(sighting: Sighting, total: float, requests: int) -> float:
    if sighting.seconds is None or not total:
        return _percent(sighting.request, requests)
    return _percent(sighting.seconds, total)


def _percent(part: float, whole: float) -> float:
    return round(min(100.0, max(0.0, 100 * part / whole)), 2) if whole else 0.0


def say_sighting(sighting: Sighting) -> str:
    """Where a finding was first seen, in words."""
    when = "" if sighting.seconds is None else f", after {sighting.seconds:.1f} s"
    calls = "" if sighting.calls is None else f" and call {sighting.calls:,}"
    return f"{sighting.phase}{when}, at request {sighting.request:,}{calls}"
