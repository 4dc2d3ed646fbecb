"""The timeline on the page."""

from __future__ import annotations

from msgspec import structs

from contract_tests.report.page.course import say_sighting, show_timeline
from contract_tests.result.course import Phase, Sighting, Timeline

PLAN = Phase(name="plan", start=1.0, end=2.0, requests=10, calls=10)
FUZZING = Phase(name="fuzzing", start=2.0, end=4.0, requests=30, calls=3)
SEEN = Sighting(finding=3, phase="fuzzing", seconds=3.0, request=1204, calls=12)


def test_a_bar_begins_and_ends_where_its_phase_does() -> None:
    plan, fuzzing = show_timeline(Timeline(phases=(PLAN, FUZZING), sightings=(SEEN,)))
    assert (plan.x, plan.width, plan.when, plan.ticks) == (25.0, 25.0, "1.0 to 2.0 s", ())
    assert (fuzzing.x, fuzzing.width) == (50.0, 50.0)
    assert [(tick.finding, tick.x) for tick in fuzzing.ticks] == [(3, 75.0)]


def test_a_phase_of_one_request_can_be_seen_and_stays_within_the_picture() -> None:
    moment = structs.replace(PLAN, start=4.0, end=4.0)
    _, row = show_timeline(Timeline(phases=(FUZZING, moment)))
    assert row.width > 0
    assert row.x + row.width == 100


def test_without_times_causes_stand_by_the_number_of_their_request() -> None:
    phase = Phase(name="recording", start=None, end=None, requests=10, calls=5)
    seen = Sighting(finding=1, phase="recording", seconds=None, request=5, calls=None)
    (row,) = show_timeline(Timeline(phases=(phase,), sightings=(seen,)))
    assert (row.x, row.width, row.when, row.ticks[0].x) == (0, 100, "times are not known", 50.0)


def test_a_run_that_took_no_time_divides_by_nothing() -> None:
    (row,) = show_timeline(Timeline(phases=(structs.replace(PLAN, start=0.0, end=0.0),)))
    assert row.width == 100


def test_the_first_sight_is_told_in_words() -> None:
    assert say_sighting(SEEN) == "fuzzing, after 3.0 s, at request 1,204 and call 12"
    assert say_sighting(structs.replace(SEEN, seconds=None, calls=None)) == "fuzzing, at request 1,204"
