"""The conversations that the mock keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.servers import store as module
from contract_tests.servers.lives import Life
from contract_tests.servers.store import Kept, StateError, Store

if TYPE_CHECKING:
    from pathlib import Path


def kept(identifier: str) -> Kept:
    return Kept({"id": identifier, "status": "queued"}, Life(1.0, None, 3.5, "unknown"))


def test_a_conversation_is_found_by_its_id() -> None:
    store = Store()
    store.keep(kept("a"))
    assert store.find("a") == kept("a")
    assert store.find("b") is None
    store.clear()
    assert store.find("a") is None


def test_a_file_keeps_conversations_over_restarts(tmp_path: Path) -> None:
    first = Store(tmp_path / "state.db")
    first.keep(kept("a"))
    first.close()
    assert Store(tmp_path / "state.db").find("a") == kept("a")


def test_the_oldest_conversations_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 2)
    monkeypatch.setattr(module, "_SWEEP", 1)
    store = Store()
    for identifier in "abc":
        store.keep(kept(identifier))
    assert [store.find(identifier) is not None for identifier in "abc"] == [False, True, True]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database " * 100)
    with pytest.raises(StateError, match=r"the state cannot be kept in .*notes\.txt: file is not a database"):
        Store(tmp_path / "notes.txt")
