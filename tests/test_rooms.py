"""Imports between the rooms of contract_tests/ go downward only, as ARCHITECTURE.md's table says."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.conftest import ROOT
from tests.support.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS: Final = re.findall(r"^\| `(\w+)` \|[^|]*\|([^|]*)\|$", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE)
ROOMS: Final = [room for room, _ in ROWS]


def allowed(room: str) -> set[str]:
    """The rooms that a room may import, by its row; `run` brings along what it may import itself."""
    row = dict(ROWS)[room]
    named = {*ROOMS[: ROOMS.index(room)]} if "all of the above" in row else {*re.findall(r"`(\w+)`", row)}
    return named | (allowed("run") if "run" in named else set())


def imported(file: Path) -> Iterator[str]:
    """The rooms that a file imports."""
    for node in read_source(file).imports:
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        names += [name.name for name in node.names] if isinstance(node, ast.Import) else []
        yield from (name.split(".")[1] for name in names if name.startswith("contract_tests."))


def test_every_room_has_a_row() -> None:
    folders = {path.parent.name for path in (ROOT / "contract_tests").glob("*/__init__.py")}
    assert folders == {*ROOMS}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_rooms_of_its_row(room: str) -> None:
    for file in sorted((ROOT / "contract_tests" / room).rglob("*.py")):
        assert {*imported(file)} <= allowed(room) | {room}, file
