"""All that passed is judged, however the proxy's process comes to its end."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from multiprocessing import Pipe
from types import SimpleNamespace
from typing import TYPE_CHECKING

from contract_tests.run import live
from contract_tests.traffic.entry import Entry
from contract_tests.traffic.proxy.orders import STOP, Over, Passed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    import pytest

PASSED = Passed(Entry("GET", "http://a.example/x", None, b"", None))

ASKED = "the end was asked for"


@contextmanager
def saying(*messages: object) -> Iterator[tuple[SimpleNamespace, Connection]]:
    """A proxy's process that says this, and its own end of the pipe."""
    ours, theirs = Pipe()
    with ours, theirs:
        for message in messages:
            theirs.send(message)
        yield SimpleNamespace(channel=ours), theirs


class Judge:
    """A judge that takes so many seconds for an exchange, and keeps what it hears."""

    def __init__(self, seconds: float = 0) -> None:
        self.heard: list[object] = []
        self.looks: list[bool] = []
        self._seconds = seconds

    def take(self, passed: Passed) -> None:
        time.sleep(self._seconds)
        self.heard.append(passed)

    def tell_news(self, *, is_end: bool = False) -> None:
        self.looks.append(is_end)

    def tell_end(self) -> None:
        self.heard.append(ASKED)

    def note_end(self, over: Over) -> None:
        self.heard.append(over)


def hear(proxy: SimpleNamespace, *, is_over: bool = False, seconds: float = 0) -> tuple[bool, list[object]]:
    """Whether a judge hears all of a proxy, and what it hears."""
    over, judge = threading.Event(), Judge(seconds)
    if is_over:
        over.set()
    is_whole = live.hear_all(proxy, over, judge)  # type: ignore[arg-type] # it has what is used of one
    assert judge.looks[-1]
    return is_whole, judge.heard


def test_all_is_heard_until_the_proxy_says_that_it_is_over() -> None:
    with saying([PASSED, PASSED], [PASSED], Over(0, 1)) as (proxy, _):
        assert hear(proxy) == (True, [PASSED, PASSED, PASSED, Over(0, 1)])


def test_where_the_process_ends_by_itself_all_that_it_told_is_heard() -> None:
    with saying([PASSED, PASSED]) as (proxy, theirs):
        theirs.close()
        assert hear(proxy) == (False, [PASSED, PASSED])


def test_a_process_that_is_to_end_and_says_no_more_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_END_TIMEOUT", 0.01)
    with saying([PASSED]) as (proxy, theirs):
        assert hear(proxy, is_over=True) == (False, [ASKED, PASSED])
        assert theirs.recv() == STOP


def test_all_that_waits_at_the_end_is_judged_however_long_that_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_END_TIMEOUT", 0.1)
    with saying([PASSED], [PASSED], [PASSED], Over(0)) as (proxy, _):
        assert hear(proxy, is_over=True, seconds=0.06) == (True, [ASKED, PASSED, PASSED, PASSED, Over(0)])
