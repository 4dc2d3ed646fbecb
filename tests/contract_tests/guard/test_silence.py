"""Requests without an answer: when an operation is given up, and when the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.guard.silence import LOST_AFTER, Silence
from contract_tests.guard.upstream import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

ANSWERED, HUNG, UNREACHED = Outcome(), Outcome(timed_out=True), Outcome(reached_nobody=True)


def after(came: Iterable[tuple[str, Outcome]], workers: int = 1) -> Silence:
    silence = Silence(workers)
    for operation, outcome in came:
        silence.note(operation, outcome)
    return silence


def test_an_operation_that_hangs_is_given_up_and_no_other_one() -> None:
    silence = after([("POST /a", HUNG)] * LOST_AFTER)
    assert silence.explain("POST /a") == "POST /a did not answer the last 5 requests"
    assert silence.explain("GET /b") is None


def test_an_answer_begins_the_count_anew() -> None:
    hung = [("POST /a", HUNG)] * (LOST_AFTER - 1)
    assert after([*hung, ("POST /a", ANSWERED), *hung]).explain("POST /a") is None


def test_a_target_whose_operations_all_hang_is_given_up() -> None:
    came = [(operation, HUNG) for operation in ("POST /a", "GET /b") for _ in range(LOST_AFTER)]
    assert after(came).explain("GET /c") == "the target did not answer the last 10 requests"


def test_operations_that_hang_side_by_side_are_not_yet_all_of_them() -> None:
    came = [(operation, HUNG) for operation in ("POST /a", "GET /b") for _ in range(LOST_AFTER)]
    assert after(came, workers=2).explain("GET /c") is None


def test_a_target_that_is_gone_is_given_up_at_once() -> None:
    came = [(f"GET /{number}", UNREACHED) for number in range(LOST_AFTER)]
    assert after(came, workers=8).explain("GET /b") == "the target did not answer the last 5 requests"
