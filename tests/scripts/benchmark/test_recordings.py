"""The benchmark of recordings: its entries conform, and its table has ratios to the first command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from contract_tests.recordings import main as judge
from scripts.benchmark.recordings import Cost, describe, make_entries

if TYPE_CHECKING:
    from pathlib import Path


def test_its_entries_conform(tmp_path: Path) -> None:
    recording = tmp_path / "traffic.ndjson"
    recording.write_text("".join(f"{json.dumps(entry)}\n" for entry in make_entries(4)))
    assert judge([str(recording), f"--report-dir={tmp_path / 'report'}", "--processes=1", "--allow-partial"]) == 0
    assert json.loads((tmp_path / "report" / "result.json").read_text())["requests"] == 4


def test_costs_are_told_beside_those_of_the_first_command() -> None:
    said = describe({"one": Cost(2.0, 4.0), "other": Cost(3.0, 2.0)}, entries=1000)
    assert said.splitlines()[1:] == [
        "one                 2.00 s    4.00 s CPU      250 entries/s of CPU   1.00  1.00",
        "other               3.00 s    2.00 s CPU      500 entries/s of CPU   1.50  0.50",
    ]
