"""The version that changes demand, and its entry in the changelog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.drift.version import has_entry, judge_version, next_version
from spec.reader import parse_spec
from tests.support.repositories import THINGS

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.drift.differences import Impact


@pytest.mark.parametrize(
    ("version", "impacts", "expected"),
    [
        ((0, 8, 3), {"breaking", "compatible"}, (0, 9, 0)),
        ((0, 8, 3), {"compatible", "editorial"}, (0, 8, 4)),
        ((0, 8, 3), {"editorial"}, (0, 8, 3)),
        ((1, 2, 3), {"breaking"}, (2, 0, 0)),
        ((1, 2, 3), {"compatible"}, (1, 3, 0)),
        ((1, 2, 3), set(), (1, 2, 3)),
    ],
)
def test_the_version_moves_as_the_change_demands(
    version: tuple[int, int, int], impacts: set[Impact], expected: tuple[int, int, int]
) -> None:
    assert next_version(version, impacts) == expected


@pytest.mark.parametrize(
    ("written", "impacts", "changelog", "problem"),
    [
        ("0.9.0", {"breaking"}, "## 0.9.0\n\nMore.\n", None),
        ("1.0.0", {"breaking"}, "## 1.0.0 - 2026-11-23\n\nMore.\n## 0.8.0\n", None),
        ("0.8.0", set(), "## 0.8.0\n\nAll.\n", None),
        ("0.8.1", {"breaking"}, "## 0.9.0\n\nMore.\n", "write `version: 0.9.0`"),
        ("0.8.0", {"compatible"}, "## 0.8.1\n\nMore.\n", "write `version: 0.8.1`"),
        ("0.7.9", set(), "## 0.8.0\n\nAll.\n", "versions do not go back): write `version: 0.8.0`"),
        ("0.9.0", {"breaking"}, "## 0.9.0\n\n## 0.8.0\n\nAll.\n", "has no entry of 0.9.0"),
        ("0.9.0", {"breaking"}, "## 0.9.0-rc.1\n\nMore.\n", "has no entry of 0.9.0"),
        ("0.9.0", {"breaking"}, "", "has no entry of 0.9.0"),
        ("0.9", {"breaking"}, "## 0.9\n\nMore.\n", "'0.9' is not a version of the form 1.2.3"),
    ],
)
def test_the_version_and_its_entry_are_asked_for(
    tmp_path: Path, written: str, impacts: set[Impact], changelog: str, problem: str | None
) -> None:
    base = parse_spec(tmp_path / "openapi.yaml", THINGS)
    spec = parse_spec(tmp_path / "openapi.yaml", THINGS.replace("version: 0.8.0", f"version: '{written}'"))
    (tmp_path / "CHANGELOG.md").write_text(changelog)
    problems = judge_version(spec, base, impacts).problems
    assert [problem in said for said in problems] == [True] if problem else problems == ()


def test_an_entry_is_read_to_the_next_heading() -> None:
    assert has_entry("## [0.9.0]\n### Changed\n- It.\n\n## 0.8.0\n", "0.9.0")
    assert not has_entry("## 10.9.0\n\nMore.\n", "0.9.0")
