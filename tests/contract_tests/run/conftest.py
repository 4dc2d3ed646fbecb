"""Runs without Schemathesis, reports without the page, and recordings in short chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.report.files import FORMATS
from contract_tests.run import cluster
from contract_tests.traffic import chunks
from tests.support.repeating import MANY, write
from tests.support.silent_engine import leave_schemathesis_out

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.traffic.sources import Source


@pytest.fixture
def _without_schemathesis(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_schemathesis_out(monkeypatch)


@pytest.fixture
def _without_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes no page, which has tests of its own: it takes as long as all else that a short recording does."""
    monkeypatch.setitem(FORMATS, "index.html", lambda _: "")


@pytest.fixture
def _short_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cuts recordings into chunks of a few entries."""
    monkeypatch.setattr(chunks, "BYTES", 6000)
    monkeypatch.setattr(cluster, "CELL", 6000)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A recording of `MANY`, in which ids come again."""
    return write(tmp_path, *MANY)
