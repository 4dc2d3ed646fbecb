"""The benchmark of clusters tells what two workers save, and what no worker can."""

from __future__ import annotations

from scripts.benchmark.cluster import Cost, describe


def test_a_line_has_the_time_the_ratio_and_both_processor_times() -> None:
    told = describe({1: Cost(10, 2, 8), 2: Cost(6, 2.5, 8.5)}, 40)
    assert told.splitlines() == [
        "40 entries | time | ratio | processor time of the command, of the cluster",
        "1 worker(s) |   10.00 s |  1.00 |    2.00 s,    8.00 s",
        "2 worker(s) |    6.00 s |  0.60 |    2.50 s,    8.50 s",
    ]
