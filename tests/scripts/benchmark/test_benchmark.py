"""The table of the benchmark: what it says of times that were taken."""

from __future__ import annotations

from scripts.benchmark.__main__ import describe


def test_each_pair_has_a_row_and_the_medians_stand_below() -> None:
    assert describe("suite", [(1.0, 2.0), (3.0, 4.0), (3.0, 2.0)]).splitlines() == [
        "suite | plain Schemathesis | ratio",
        "    1.00 s     2.00 s    0.50",
        "    3.00 s     4.00 s    0.75",
        "    3.00 s     2.00 s    1.50",
        "    3.00 s     2.00 s    0.75  (medians)",
    ]
