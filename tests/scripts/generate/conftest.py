"""A spec to generate from, a place for the code, and a generation that takes no time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.generate import update as updating
from tests.support.minimal import MINIMAL
from tests.support.quick_generation import generate_quickly

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a small spec, in the folder that the commands run in."""
    path = tmp_path / "spec" / "openapi.yaml"
    path.parent.mkdir()
    path.write_text(MINIMAL)
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "generated"


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Generation replaced by one without generators: they take seconds, and have tests of their own."""
    monkeypatch.setattr(updating, "generate_into", generate_quickly)
