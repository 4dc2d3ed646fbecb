"""The share of the catalogue that few calls catch."""

from __future__ import annotations

import subprocess

import pytest

from contract_tests.kills import __main__ as command
from contract_tests.kills.__main__ import main
from contract_tests.kills.curve import BUDGETS, Trace, describe_curve, score, trace
from contract_tests.result.power_file import Score

CALL, REFUSED = True, False


def traced(valid: list[bool], invalid: list[bool], *, valid_shows: bool = False, invalid_shows: bool = False) -> Trace:
    return Trace(
        fault="a fault",
        valid=tuple(valid),
        valid_shows=valid_shows,
        invalid=tuple(invalid),
        invalid_shows=invalid_shows,
    )


@pytest.mark.parametrize(("calls", "is_caught"), [(5, False), (10, True)])
def test_a_valid_request_shows_it_if_it_is_among_the_first(calls: int, is_caught: bool) -> None:  # noqa: FBT001
    assert traced([CALL] * 8, [REFUSED] * 50, valid_shows=True).is_caught_within(calls) is is_caught


def test_an_invalid_request_shows_it_where_those_before_it_are_refused() -> None:
    assert traced([CALL] * 60, [*[REFUSED] * 300, CALL], invalid_shows=True).is_caught_within(5)


def test_an_invalid_request_is_not_sent_once_no_call_is_left() -> None:
    assert not traced([CALL] * 60, [CALL, CALL, CALL], invalid_shows=True).is_caught_within(5)


def test_what_is_left_of_the_reserve_is_spent_on_valid_requests() -> None:
    assert traced([CALL] * 10, [REFUSED] * 300, valid_shows=True).is_caught_within(10)
    assert not traced([CALL] * 10, [CALL] * 2, valid_shows=True).is_caught_within(10)


def test_the_share_is_told_for_each_number_of_calls() -> None:
    lines = describe_curve([traced([CALL] * 8, [], valid_shows=True), traced([], [])]).splitlines()
    assert [int(line.split()[0]) for line in lines[1:]] == list(BUDGETS)
    assert lines[1].endswith("0.0%  0 of 2")
    assert lines[2].endswith("50.0%  1 of 2")


def test_a_server_is_traced_up_to_the_request_that_shows_its_fault() -> None:
    found = trace("the answer has no phone call", 1)
    assert found.valid_shows
    assert (found.valid, found.invalid) == ((CALL,), ())


@pytest.mark.slow
def test_the_curve_of_a_sample_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--curve", "--sample=2", "--workers=1"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("calls  caught\n")
    assert said.rstrip().endswith("of 2")


def test_the_score_tells_how_many_are_caught_with_any_number_of_calls() -> None:
    traces = [traced([CALL] * 90, [], valid_shows=True), traced([CALL], [], valid_shows=True), traced([], [])]
    assert score(traces, "2026-01-31", "1a2b3c4") == Score(
        date="2026-01-31", commit="1a2b3c4", faults=3, caught=2, caught_within=dict.fromkeys(BUDGETS, 1)
    )


@pytest.mark.parametrize(
    "options", [["--save"], ["--save", "--curve", "--sample=2"], ["--save", "--curve", "--only=a"]]
)
def test_the_score_of_a_part_of_the_faults_is_not_saved(capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    assert main(options) == 2
    assert "--save goes with --curve and all faults" in capsys.readouterr().err


def test_the_score_is_saved_with_its_commit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "run_all", lambda *_: iter([traced([CALL], [], valid_shows=True)]))
    saved: list[Score] = []
    monkeypatch.setattr(command, "write_score", saved.append)
    assert main(["--curve", "--save"]) == 0
    head = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout
    assert head.startswith(saved[0].commit.removesuffix("-dirty"))
    assert "power.json" in capsys.readouterr().out
