"""Progress is one line that is written over on a terminal, and else a line now and then."""

from __future__ import annotations

import pytest

from contract_tests.live_line import LiveLine


def shown(width: int | None, *texts: str) -> list[tuple[str, str]]:
    """What a line writes of texts that are due."""
    written: list[tuple[str, str]] = []
    line = LiveLine(width, lambda text: written.append(("over", text)), lambda text: written.append(("line", text)))
    for text in texts:
        line.show(lambda _, text=text: text)  # type: ignore[misc] # mypy knows no default of a lambda
    line.clear()
    return written


@pytest.fixture(autouse=True)
def _always_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LiveLine, "PAUSE", 0.0)
    monkeypatch.setattr(LiveLine, "INTERVAL", 0.0)
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_a_terminal_shows_the_last_text_alone() -> None:
    assert shown(3, "ab", "c") == [("over", "ab "), ("over", "c  "), ("over", "   "), ("over", "")]


def test_without_a_terminal_each_text_has_a_line() -> None:
    assert shown(None, "ab", "c") == [("line", "ab"), ("line", "c")]


def test_who_wants_no_colours_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown(3, "ab") == [("line", "ab")]


def test_nothing_is_shown_before_it_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LiveLine, "INTERVAL", 1000.0)
    assert shown(None, "ab") == []
