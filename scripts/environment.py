"""The environment of the tools that scripts run: the user's, without what is meant for the contract suite."""

from __future__ import annotations

import os
from typing import Final

_OF_THE_SUITE: Final = "VOICEOS_"
"""Begins the names of the suite's variables. One of them holds a server's token."""


def tool_environment(**more: str) -> dict[str, str]:
    """The environment for a tool, with more variables. No token is in it, for tools are the code of others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_SUITE)}
    return kept | more
