"""Runs without Schemathesis."""

from __future__ import annotations

import pytest

from tests.support.silent_engine import leave_schemathesis_out


@pytest.fixture
def _without_schemathesis(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_schemathesis_out(monkeypatch)
