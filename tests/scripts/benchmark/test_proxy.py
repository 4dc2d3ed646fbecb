"""The measurement of the live proxy: what it says of times that were taken, and that it takes them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scripts.benchmark.proxy import Sample, describe, measure
from tests.support.sockets import accepting, receive

if TYPE_CHECKING:
    from socket import socket


def test_both_ways_have_a_row_and_the_difference_stands_below() -> None:
    sample = Sample([0.001] * 20, [0.0015] * 20, [0.0004, 0.0002])
    assert describe(sample, 500).splitlines() == [
        "500 requests a second | median | 95th percentile",
        "direct       1.00 ms      1.00 ms",
        "through      1.50 ms      1.50 ms",
        "added        0.50 ms      0.50 ms",
        "processor time for a request: 0.40 ms to pass it on, 0.20 ms to judge it",
    ]


def test_each_way_is_timed_for_each_request_but_those_of_the_first_part() -> None:
    def answer(connection: socket) -> None:
        while receive(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with accepting(answer) as direct, accepting(answer) as proxy:
        sample = asyncio.run(measure(direct, proxy, rate=1000, seconds=0.1, connections=1))
    assert (len(sample.direct), len(sample.through)) == (90, 90)
    assert min(sample.direct + sample.through) > 0
