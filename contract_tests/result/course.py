"""The course of a run, as data: its phases, the first sight of each finding, its settings, and its power."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.result.part import Part, Positive

if TYPE_CHECKING:
    from collections.abc import Iterable


PREFLIGHT: Final = "preflight"
PLAN: Final = "plan"
LINKS: Final = "links"
INVALID: Final = "invalid requests"
PROBES: Final = "probes"
SPARE: Final = "end of the plan"
NARROWING: Final = "narrowing"
RECORDING: Final = "recording"
_ORDER: Final = (
    PREFLIGHT,
    PLAN,
    LINKS,
    INVALID,
    *("examples", "coverage"),
    PROBES,
    *("fuzzing", "stateful"),
    SPARE,
    NARROWING,
)
"""The names of phases, those of Schemathesis among them."""


class Phase(Part, frozen=True, kw_only=True):
    """A part of a run that has one purpose. Phases overlap: Schemathesis sends while we do."""

    name: str
    """Such as `plan`, `invalid requests`, `coverage`, `fuzzing`; `recording` of one."""
    start: float | None
    """Of its first request, in seconds since the run began; null if unknown."""
    end: float | None
    """Of its last request, likewise."""
    requests: Positive
    """How many requests it sent."""
    calls: int
    """How many of these may be a call."""


class Sighting(Part, frozen=True, kw_only=True):
    """The first exchange that shows a finding."""

    finding: Positive
    """The number of the finding."""
    phase: str
    seconds: float | None
    """In seconds since the run began; null if unknown."""
    request: Positive
    """How many requests were sent until then, itself included."""
    calls: int | None
    """How many calls were spent until then, itself included; null if unknown."""


class Timeline(Part, frozen=True, kw_only=True):
    """The phases of a run in their order, and where each finding was first seen."""

    phases: tuple[Phase, ...] = ()
    sightings: tuple[Sighting, ...] = ()


def in_order(phases: Iterable[Phase]) -> tuple[Phase, ...]:
    """The phases in the order in which a run has them."""
    return tuple(sorted(phases, key=lambda each: _ORDER.index(each.name) if each.name in _ORDER else len(_ORDER)))


class Setting(Part, frozen=True, kw_only=True):
    """An option of the run. Numbers of telephones are masked."""

    name: str
    """Its flag, such as `--max-calls`."""
    value: str
    is_default: bool


class Power(Part, frozen=True, kw_only=True):
    """The share of broken servers that a run with these settings catches, as `kills` found it out."""

    caught: int
    faults: int
    """How many broken servers there were."""
    max_calls: int | None
    """The number of calls that each run could make; null for any number."""
    has_limits: bool = False
    """True if this target has limits: it was found out with servers that have none."""
    date: str
    """The day on which it was found out, as `2026-01-31`."""
    commit: str
    """The commit of the suite that it was found out with."""
