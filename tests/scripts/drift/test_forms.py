"""A report stays short: long lists are cut off, and the rest is counted."""

from __future__ import annotations

from pathlib import Path

from scripts.drift.forms.table import table
from scripts.drift.report import Report
from scripts.generate.folder_difference import Difference


def test_more_than_eight_stale_files_are_counted() -> None:
    stale = tuple(Difference(f"{number}.py", None, b"") for number in range(11))
    lines = table(Report(Path("openapi.yaml"), Path("generated"), stale=stale)).splitlines()
    assert [line for line in lines if line.startswith("  missing")] == [
        f"  missing  generated/{number}.py" for number in range(8)
    ]
    assert "  and 3 more" in lines
