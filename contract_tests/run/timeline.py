"""The timeline of a run: its phases, and where each finding was first seen."""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from contract_tests.result.course import (
    INVALID,
    LINKS,
    NARROWING,
    PLAN,
    PREFLIGHT,
    PROBES,
    RECORDING,
    SPARE,
    Phase,
    Sighting,
    Timeline,
    in_order,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contract_tests.exchange.exchange import Exchange
    from contract_tests.result.result import Finding
    from contract_tests.run.evidence import Evidence

_BY_ID: Final = {
    "valid": PLAN,
    "invalid": INVALID,
    "linked": LINKS,
    "further": NARROWING,
    PREFLIGHT: PREFLIGHT,
}


class _Sent(Struct, frozen=True):
    """A request of a run, once it was sent."""

    exchange: Exchange
    phase: str
    seconds: float | None
    number: int
    """Its place in time, from 1."""
    calls: int
    """The calls that were spent until then."""


def make_timeline(evidence: Evidence, findings: Iterable[Finding]) -> Timeline:
    """The timeline of a run; nothing of one that sent nothing, as of a recording."""
    sent = _in_time(evidence)
    if not sent:
        return Timeline()
    of_exchange = {id(each.exchange): each for each in sent}
    sightings = (_sight(evidence, of_exchange, finding) for finding in findings)
    return Timeline(phases=_phases(sent), sightings=tuple(filter(None, sightings)))


def make_timeline_of_recording(requests: int, calls: int, findings: Iterable[Finding]) -> Timeline:
    """The timeline of a recording, which has one phase and no times."""
    if not requests:
        return Timeline()
    phase = Phase(name=RECORDING, start=None, end=None, requests=requests, calls=calls)
    sightings = (
        Sighting(finding=each.number, phase=RECORDING, seconds=None, request=each.exchanges[0], calls=None)
        for each in findings
    )
    return Timeline(phases=(phase,), sightings=tuple(sightings))


def _in_time(evidence: Evidence) -> list[_Sent]:
    """The requests that were sent, in the order in which they were."""
    exchanges = sorted(evidence.record.sent, key=lambda each: each.at or 0.0)
    calls = accumulate(int(each.may_have_rung) for each in exchanges)
    phases = {**evidence.phases, **({each.id: SPARE for each in evidence.schedule.spare} if evidence.schedule else {})}
    return [
        _Sent(each, _phase_of(each, phases), _seconds(evidence, each), number, spent)
        for number, (each, spent) in enumerate(zip(exchanges, calls, strict=True), 1)
    ]


def _seconds(evidence: Evidence, exchange: Exchange) -> float | None:
    if exchange.at is None or evidence.began is None:
        return None
    return round(exchange.at - evidence.began, 3)


def _phase_of(exchange: Exchange, phases: Mapping[str, str]) -> str:
    return phases.get(exchange.id) or _BY_ID.get(exchange.id.partition("-")[0], PROBES)


def _phases(sent: Iterable[_Sent]) -> tuple[Phase, ...]:
    groups: defaultdict[str, list[_Sent]] = defaultdict(list)
    for each in sent:
        groups[each.phase].append(each)
    return in_order(_phase(name, group) for name, group in groups.items())


def _phase(name: str, group: Sequence[_Sent]) -> Phase:
    calls = sum(each.exchange.may_have_rung for each in group)
    return Phase(name=name, start=group[0].seconds, end=group[-1].seconds, requests=len(group), calls=calls)


def _sight(evidence: Evidence, of_exchange: dict[int, _Sent], finding: Finding) -> Sighting | None:
    """The first exchange in time that shows a finding; None if it was withheld from the record."""
    shown = (evidence.judged[place - 1].exchange for place in finding.exchanges)
    found = [of_exchange[id(each)] for each in shown if id(each) in of_exchange]
    if not found:
        return None
    first = min(found, key=lambda each: each.number)
    return Sighting(
        finding=finding.number, phase=first.phase, seconds=first.seconds, request=first.number, calls=first.calls
    )
