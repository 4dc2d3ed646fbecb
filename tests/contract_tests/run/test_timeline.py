"""The timeline of a run: its phases, and where each finding was first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.exchange.exchange import Exchange, Record, Refusal
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import judge
from contract_tests.plan.schedule import PlannedRequest, Schedule
from contract_tests.result.course import Phase, Sighting
from contract_tests.run.evidence import Evidence
from contract_tests.run.timeline import make_timeline, make_timeline_of_recording
from tests.support.exchanges import answer, post

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.result.course import Timeline


def exchange(name: str, at: float, status: int = 401, *, rings: bool = False) -> Exchange:
    return Exchange(post(), answer({"detail": "no"}, status), name, may_have_rung=rings, at=at)


def timeline(contract: Contract, *exchanges: Exchange, spare: str | None = None) -> Timeline:
    """The timeline of a run that began at 100 s, in which Schemathesis's phases are known."""
    operation, *_ = contract.operations
    planned = (PlannedRequest(spare, "again", operation, post()),) if spare else ()
    record = Record(exchanges)
    evidence = Evidence(
        record,
        tuple(judge(contract, record.sent)),
        phases={"abc": "coverage", "def": "fuzzing"},
        began=100.0,
        schedule=Schedule({}, (), (), planned),
    )
    return make_timeline(evidence, find_findings(contract, evidence.judged, Circumstances(lambda _: "")))


def test_each_request_is_of_the_phase_that_sent_it(contract: Contract) -> None:
    names = ["preflight", "valid-1", "invalid-1", "abc", "a probe", "def", "valid-2", "further-1"]
    found = timeline(contract, *(exchange(name, 101.0 + at) for at, name in enumerate(names)), spare="valid-2")
    assert [phase.name for phase in found.phases] == [
        "preflight",
        "plan",
        "invalid requests",
        "coverage",
        "probes",
        "fuzzing",
        "end of the plan",
        "narrowing",
    ]


def test_a_phase_lasts_from_its_first_request_to_its_last(contract: Contract) -> None:
    sent = [exchange("valid-2", 103.5, rings=True), exchange("valid-1", 101.25, rings=True), exchange("valid-3", 102)]
    (phase,) = timeline(contract, *sent).phases
    assert phase == Phase(name="plan", start=1.25, end=3.5, requests=3, calls=2)


def test_a_cause_is_first_seen_in_the_request_that_was_sent_first(contract: Contract) -> None:
    early, late = exchange("invalid-9", 101, 500, rings=True), exchange("valid-1", 102, 500, rings=True)
    (sighting, *_) = timeline(contract, late, exchange("valid-3", 100.5, rings=True), early).sightings
    assert sighting == Sighting(finding=1, phase="invalid requests", seconds=1.0, request=2, calls=2)


def test_what_was_not_sent_is_of_no_phase(contract: Contract) -> None:
    withheld = Exchange(post(), id="valid-1", refusal=Refusal("budget", "no call is left"), at=101.0)
    assert timeline(contract, withheld).phases == ()


def test_a_recording_has_one_phase_and_no_times(contract: Contract) -> None:
    judged = judge(contract, [exchange("one", 0, 500)])
    findings = find_findings(contract, judged, Circumstances(lambda _: ""))
    found = make_timeline_of_recording(5, 2, findings)
    assert found.phases == (Phase(name="recording", start=None, end=None, requests=5, calls=2),)
    assert found.sightings[0] == Sighting(finding=1, phase="recording", seconds=None, request=1, calls=None)


def test_a_recording_of_nothing_has_no_timeline() -> None:
    assert make_timeline_of_recording(0, 0, ()).phases == ()
