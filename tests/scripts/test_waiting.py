"""Tests of what people see who wait at a terminal."""

from __future__ import annotations

import io
import sys
from threading import Event
from typing import TYPE_CHECKING

from scripts.waiting import waiting

if TYPE_CHECKING:
    import pytest


class _Screen(io.StringIO):
    """Standard error, which is a terminal or a log."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self.written = Event()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> int:
        self.written.set()
        return super().write(text)


def test_who_waits_at_a_terminal_sees_what_is_done_until_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Screen(is_terminal=True)
    monkeypatch.setattr(sys, "stderr", screen)
    with waiting("drawing", silence=0.0):
        assert screen.written.wait(60)
    said, *_, blank, end = screen.getvalue().split("\r")[1:]
    assert said.startswith("drawing, ")
    assert (blank.strip(), end) == ("", "")


def test_who_does_not_wait_long_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Screen(is_terminal=True)
    monkeypatch.setattr(sys, "stderr", screen)
    with waiting("drawing", silence=3600):
        pass
    assert screen.getvalue() == ""


def test_a_log_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Screen(is_terminal=False)
    monkeypatch.setattr(sys, "stderr", screen)
    with waiting("drawing", silence=0.0):
        pass
    assert screen.getvalue() == ""
