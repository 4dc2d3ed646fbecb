"""Ctrl-C, put off, ignored, or dropped by Python."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from contract_tests.runtime.interrupts import hearing_ctrl_c_later, ignoring_ctrl_c, noticing_dropped_ctrl_c
from tests.support.dropped import drop

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _hearing_ctrl_c() -> Iterator[None]:
    """Whoever starts the tests in the background has them ignore it."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, handler)


def test_ctrl_c_is_heard_once_the_block_is_left() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - the exception comes at the end of the block within
        with hearing_ctrl_c_later():
            signal.raise_signal(signal.SIGINT)
            done.append("the block")
        done.append("what follows")
    assert done == ["the block"]


def test_ctrl_c_is_ignored_within_the_block_and_heard_after_it() -> None:
    with ignoring_ctrl_c():
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_ctrl_c_can_be_ignored_in_any_thread() -> None:
    done = threading.Event()

    def work() -> None:
        with ignoring_ctrl_c():
            done.set()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done.is_set()


def test_a_ctrl_c_that_python_drops_is_noticed() -> None:
    with noticing_dropped_ctrl_c() as is_dropped:
        assert not is_dropped.is_set()
        drop(KeyboardInterrupt())
        assert is_dropped.is_set()


def test_other_exceptions_that_python_drops_are_told_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    told = list[object]()
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: told.append(unraisable.exc_type))
    with noticing_dropped_ctrl_c() as is_dropped:
        drop(ValueError())
    assert told == [ValueError]
    assert not is_dropped.is_set()
