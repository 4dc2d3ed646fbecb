"""The committed score of the suite, and what a run claims by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.result.power_file import POWER_FILE, Score, read_power, write_score

if TYPE_CHECKING:
    from pathlib import Path

SCORE = Score(date="2026-01-31", commit="1a2b3c4", faults=100, caught=99, caught_within={5: 70, 60: 98})


@pytest.mark.parametrize(
    ("max_calls", "claimed"),
    [(None, (99, None)), (60, (98, 60)), (200, (98, 60)), (59, (70, 5)), (5, (70, 5))],
)
def test_a_run_claims_what_was_found_out_with_as_many_calls_or_fewer(
    tmp_path: Path, max_calls: int | None, claimed: tuple[int, int | None]
) -> None:
    write_score(SCORE, tmp_path / "power.json")
    power = read_power(max_calls, tmp_path / "power.json")
    assert power
    assert (power.caught, power.max_calls, power.faults, power.commit) == (*claimed, 100, "1a2b3c4")


def test_a_run_with_fewer_calls_than_were_ever_tried_claims_nothing(tmp_path: Path) -> None:
    write_score(SCORE, tmp_path / "power.json")
    assert read_power(4, tmp_path / "power.json") is None


def test_a_target_with_limits_is_told_that_the_score_knows_none(tmp_path: Path) -> None:
    write_score(SCORE, tmp_path / "power.json")
    power = read_power(None, tmp_path / "power.json", has_limits=True)
    assert power
    assert power.has_limits


@pytest.mark.parametrize("text", [None, "", "{}", "[1]"])
def test_without_a_score_nothing_is_claimed(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "power.json").write_text(text)
    assert read_power(None, tmp_path / "power.json") is None


def test_a_score_is_committed() -> None:
    assert read_power(None, POWER_FILE)
