"""The benchmark of recordings: its entries conform, and its table has ratios to the first command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from contract_tests.recordings import main as judge
from scripts.benchmark.recordings import ALONE, START, Cost, describe, describe_memory, make_entries

if TYPE_CHECKING:
    from pathlib import Path


def test_its_entries_conform(tmp_path: Path) -> None:
    recording = tmp_path / "traffic.ndjson"
    recording.write_text("".join(f"{json.dumps(entry)}\n" for entry in make_entries(4)))
    assert judge([str(recording), f"--report-dir={tmp_path / 'report'}", "--processes=1", "--allow-partial"]) == 0
    assert json.loads((tmp_path / "report" / "result.json").read_text())["requests"] == 4


def test_costs_are_told_beside_those_of_the_first_command() -> None:
    costs = {"one": Cost(2.0, 4.0), "other": Cost(3.0, 2.0), ALONE: Cost(3.0, 3.0), START: Cost(1.0, 1.0)}
    said = describe([costs, costs | {"one": Cost(1.0, 1.0)}, costs], entries=1000)
    assert said.splitlines()[1:] == [
        "one                 2.00 s    4.00 s CPU   1.00   1.00      250 entries/s of CPU",
        "other               3.00 s    2.00 s CPU   1.50   0.50      500 entries/s of CPU",
        "ours, 1 process     3.00 s    3.00 s CPU   1.50   0.75      333 entries/s of CPU",
        "ours, 1 entry       1.00 s    1.00 s CPU   0.50   0.25 ",
        "ours, 1 process, net of its start and end: 500 entries/s of CPU",
    ]


def test_memory_is_told_with_the_ratio_of_the_last_to_the_first() -> None:
    assert describe_memory({20: 100.0, 80: 110.0}).splitlines() == [
        "     20 entries: at most  100.0 MiB",
        "     80 entries: at most  110.0 MiB",
        "ratio 1.10",
    ]
