"""Exchanges reach the judge in their order, and what is too much to wait is dropped and counted."""

from __future__ import annotations

from multiprocessing import Pipe
from typing import TYPE_CHECKING

from contract_tests.traffic.entry import Entry
from contract_tests.traffic.proxy import process
from contract_tests.traffic.proxy.orders import Over, Passed
from contract_tests.traffic.proxy.process import Outbox

if TYPE_CHECKING:
    import pytest


def passed(number: int) -> Passed:
    return Passed(Entry("GET", f"http://a.example/{number}", None, b"", None))


def told(*exchanges: Passed) -> tuple[list[Passed], Over]:
    ours, theirs = Pipe()
    with ours, theirs:
        outbox = Outbox(theirs)
        for each in exchanges:
            outbox.put(each)
        outbox.finish()
        heard: list[Passed] = []
        while not isinstance(message := ours.recv(), Over):
            heard += message
        return heard, message


def test_exchanges_are_told_in_their_order_and_then_the_end() -> None:
    sent = [passed(number) for number in range(5)]
    assert told(*sent) == (sent, Over(0))


def test_what_is_too_much_to_wait_is_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MAX_WAITING", 2 * process.OF_A_HEAD)
    monkeypatch.setattr(process, "_PAUSE", 60.0)  # nothing is told before the end
    heard, over = told(*(passed(number) for number in range(5)))
    assert [each.entry.url[-1] for each in heard] == ["0", "1"]
    assert over == Over(3)
