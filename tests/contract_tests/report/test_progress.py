"""How far a run is, in a line."""

from __future__ import annotations

from typing import Final

import pytest
from msgspec.structs import replace

from contract_tests.report.progress import Status, describe_status

PLANNED: Final = Status("invalid requests", exchanges=93, done=30, planned=413, calls=12, max_calls=60, left=48.4)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (PLANNED, "invalid requests: 30 of 413, 12 of 60 calls, about 48 s left"),
        (replace(PLANNED, max_calls=None, left=130), "invalid requests: 30 of 413, 12 calls, about 3 min left"),
        (
            replace(PLANNED, phase="Schemathesis", planned=None, done=1),
            "Schemathesis: 1 request, 12 of 60 calls, at most 48 s left",
        ),
    ],
)
def test_a_status_says_what_is_tried_what_it_cost_and_how_long_it_takes(status: Status, said: str) -> None:
    assert describe_status(status) == said


@pytest.mark.parametrize("width", range(40, 200, 20))
def test_a_status_fits_in_a_line_of_the_terminal(width: int) -> None:
    assert len(describe_status(PLANNED, width)) <= width
