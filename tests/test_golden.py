"""A golden file is compared to the letter, and rewritten only when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.golden import Golden, without_seconds

if TYPE_CHECKING:
    from pathlib import Path


def test_a_text_that_differs_fails_with_the_difference_and_the_command(tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text("one\ntwo\n")
    with pytest.raises(pytest.fail.Exception) as failure:
        Golden(tmp_path, rewrites=False)("said", "one\nthree\n")
    assert "-two\n+three\n" in str(failure.value)
    assert "nox -s tests -- --rewrite-golden" in str(failure.value)


def test_a_missing_file_fails(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception):
        Golden(tmp_path, rewrites=False)("said", "one\n")


def test_rewriting_makes_the_next_run_pass(tmp_path: Path) -> None:
    Golden(tmp_path, rewrites=True)("folder/said", "one\n")
    Golden(tmp_path, rewrites=False)("folder/said", "one\n")


def test_durations_do_not_count() -> None:
    assert without_seconds("fresh (12.3 s)") == "fresh (0.0 s)"
