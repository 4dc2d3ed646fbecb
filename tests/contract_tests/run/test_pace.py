"""The pace of a run, by a clock that the test turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.guard.guard import Progress
from contract_tests.run.pace import ENGINE, VALID, Pace

if TYPE_CHECKING:
    from contract_tests.report.progress import Status


class Clock:
    """A clock that stands still until it is turned."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> list[Status]:
    return []


@pytest.fixture
def pace(clock: Clock, told: list[Status]) -> Pace:
    return Pace(told.append, max_calls=60, deadline=300.0, clock=clock)


def test_a_phase_takes_as_long_for_each_request_as_until_now(pace: Pace, clock: Clock, told: list[Status]) -> None:
    pace.hear(Progress(1, 0, None))
    pace.begin(VALID, 50)
    clock.now = 4.0
    pace.hear(Progress(11, 10, None))
    assert (told[-1].phase, told[-1].done, told[-1].planned, told[-1].left) == (VALID, 10, 50, 16.0)
    assert (told[-1].calls, told[-1].max_calls) == (10, 60)


def test_a_phase_of_unknown_length_lasts_at_most_until_the_deadline(
    pace: Pace, clock: Clock, told: list[Status]
) -> None:
    pace.begin(ENGINE)
    clock.now = 100.0
    pace.hear(Progress(5, 0, None))
    assert (told[-1].planned, told[-1].left) == (None, 200.0)


def test_no_phase_lasts_longer_than_the_run_may(pace: Pace, clock: Clock, told: list[Status]) -> None:
    pace.begin(VALID, 1000)
    clock.now = 100.0
    pace.hear(Progress(1, 1, None))
    assert told[-1].left == 200.0


def test_requests_that_are_sent_again_lengthen_a_phase(pace: Pace, told: list[Status]) -> None:
    pace.begin(VALID, 2)
    pace.hear(Progress(3, 3, None))
    assert (told[-1].done, told[-1].planned) == (3, 3)


def test_a_wait_is_passed_on(pace: Pace, told: list[Status]) -> None:
    pace.hear(Progress(1, 0, 30.0))
    assert told[-1].waits == 30.0
