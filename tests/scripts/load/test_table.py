"""The table of a load: the figures that it reads of Locust, and those of the mock."""

from __future__ import annotations

import json

import pytest

from scripts.load.table import Counted, Load, Usage, describe, read_counted, read_reasons

MEBIBYTE = 1024 * 1024
PLACED = Counted("POST /a", 3000, 0, 40.0, 90.0)
LOAD = Load(
    (PLACED, Counted("GET /a/{id}", 1000, 2, 20.0, 50.0)), 500, 4.0, Usage(1, 50 * MEBIBYTE), Usage(3, 52 * MEBIBYTE)
)


def printed(times: dict[str, int]) -> str:
    row = {"method": "POST", "name": "/a", "num_requests": 100, "num_failures": 1, "response_times": times}
    return f"[]\n[]\n{json.dumps([row], indent=1)}\n"


@pytest.mark.parametrize(
    ("times", "median", "slowest"),
    [
        ({"10": 100}, 10.0, 10.0),
        ({"9": 50, "10": 49, "700": 1}, 9.0, 10.0),
        ({"100": 98, "2": 2}, 100.0, 100.0),
        ({}, 0, 0),
    ],
)
def test_the_requests_are_read_from_what_all_processes_print(
    times: dict[str, int], median: float, slowest: float
) -> None:
    assert read_counted(printed(times)) == (Counted("POST /a", 100, 1, median, slowest),)


def test_the_table_tells_what_the_machine_gave_and_what_the_mock_needed() -> None:
    assert describe(LOAD).splitlines() == [
        "  requests  failures    median      99 %  kind",
        "      3000         0     40 ms     90 ms  POST /a",
        "      1000         2     20 ms     50 ms  GET /a/{id}",
        "",
        "4000 requests on 500 connections in 4 s, 2 failed",
        "1000 requests/s here, where the mock got 0.50 of one core",
        "2000 requests for each second of one core",
        "memory 50 MiB before, 52 MiB after: flat",
    ]


def test_the_table_tells_why_requests_failed() -> None:
    text = 'Method,Name,Error,Occurrences\nPOST,/a,"timed out, once",2\n'
    (reason,) = read_reasons(text)
    assert describe(LOAD._replace(reasons=(reason,))).splitlines()[-1] == "2 failed: POST /a: timed out, once"


def test_memory_that_grows_by_more_than_a_tenth_is_not_flat() -> None:
    assert not LOAD._replace(after=Usage(3, 56 * MEBIBYTE)).is_flat
