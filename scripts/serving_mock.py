"""The mock in a process of its own, for a script that needs a server."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from scripts.environment import tool_environment
from spec.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN: Final = "mock-token"  # noqa: S105 - of the mock, which guards nothing


class ServedMock(NamedTuple):
    """A mock that is being served."""

    url: str
    pid: int


class NotServedError(Exception):
    """The mock does not start. `str()` has its last words."""


@contextmanager
def serving_mock(*options: str) -> Iterator[ServedMock]:
    """Serves the mock on a free port, with its options, for as long as the block runs.

    Raises:
        NotServedError: it does not start.
    """
    command = [sys.executable, "-m", "contract_tests.servers", "--port", "0", "--log", "/dev/null", *options]
    with subprocess.Popen(  # noqa: S603 - our own command
        command,
        cwd=ROOT,
        env=tool_environment(VOICEOS_TOKEN=TOKEN),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as mock:
        assert mock.stdout  # noqa: S101 - it is a pipe
        assert mock.stderr  # noqa: S101 - the same
        try:
            found = re.search(r"https?://[\d.:]+", mock.stdout.readline())
            if not found:
                raise NotServedError(f"the mock does not start: {mock.stderr.read().strip()}")
            yield ServedMock(found[0], mock.pid)
        finally:
            mock.terminate()
