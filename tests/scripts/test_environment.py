"""The environment of the tools that scripts run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scripts.environment import tool_environment

if TYPE_CHECKING:
    import pytest


def test_a_tool_gets_the_users_environment_without_the_suites_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEOS_STAGING_TOKEN", "secret")
    monkeypatch.setenv("A_SETTING", "1")
    environment = tool_environment(MORE="2")
    assert environment == {**{k: v for k, v in os.environ.items() if not k.startswith("VOICEOS_")}, "MORE": "2"}
    assert environment["A_SETTING"] == "1"
    assert "secret" not in environment.values()
