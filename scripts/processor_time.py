"""A limit on the processor time of a command. A busy machine makes a command take longer, but changes nothing here."""

from __future__ import annotations

import signal
import sys
from typing import Final

LIMIT: Final = 20
"""The longest time that a generator or Redocly CLI may use processors for one spec, in seconds."""
EXCEEDED: Final = -signal.SIGXCPU
"""The return code of a command that used up its time."""
_RUN_LIMITED: Final = """
import os, resource, sys
seconds, *command = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), resource.getrlimit(resource.RLIMIT_CPU)[1]))
os.execv(command[0], command)
"""


def describe_limit() -> str:
    """The limit in words."""
    return f"{LIMIT} s of processor time"


def limited(command: list[str]) -> list[str]:
    """The command that runs a command for LIMIT seconds of processor time. The first word must be an absolute path."""
    return [sys.executable, "-I", "-c", _RUN_LIMITED, str(LIMIT), *command]
