"""The same servers under plain Schemathesis, `st run` with its defaults, for comparison.

It knows the spec, the address and the token, and nothing of ours. One check, which the mock itself fails, is left out,
to give the others their chance. A fault is caught if a check finds what it does not find on the mock itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from contract_tests.kills.kill import TOKEN, Kill, catalogue
from contract_tests.runtime.serving import running
from contract_tests.servers.mock import create_app, judge_with_token
from spec.paths import SPEC

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TIME_LIMIT: Final = 300.0
_REPORT: Final = "report.ndjson"
_SUCCESS: Final = 2
# It takes 401 for the one answer to a missing token, and would stop a phase at the mock's 403.
_FALSE_ALARM: Final = "missing_required_header"


@dataclass
class _Counting:
    """An application that counts what it is asked, and what it accepts."""

    app: ASGIApp
    requests: int = 0
    calls: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a request."""
        self.requests += scope["type"] == "http"

        async def count(message: Message) -> None:
            self.calls += message.get("status", 0) // 100 == _SUCCESS
            await send(message)

        await self.app(scope, receive, count)


def kill_with_stock(name: str, seed: int) -> Kill:
    """Runs plain Schemathesis against the server with a fault, to its end."""
    kill = _run(catalogue()[name].make_app(TOKEN), name, seed)
    on_the_mock = _found_on_the_mock(seed)
    return kill.model_copy(update={"caught_by": tuple(name for name in kill.caught_by if name not in on_the_mock)})


def run_on_the_mock(seed: int) -> Kill:
    """Runs plain Schemathesis against a server that breaks nothing."""
    return _run(create_app(judge_with_token(TOKEN)), "", seed)


@cache
def _found_on_the_mock(seed: int) -> frozenset[str]:
    return frozenset(run_on_the_mock(seed).caught_by)


def _run(app: ASGIApp, name: str, seed: int) -> Kill:
    started, server = time.monotonic(), _Counting(app)
    with TemporaryDirectory(prefix="stock-") as folder, running(server) as url:
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(SPEC), "--url", url, "--seed", str(seed)),
            *("--header", f"Authorization: Bearer {TOKEN}", "--exclude-checks", _FALSE_ALARM),
            *("--report", "ndjson", "--report-ndjson-path", _REPORT),
        ]
        environment = os.environ | {"NO_PROXY": "*"}
        subprocess.run(  # noqa: S603 - our own command
            command, cwd=folder, env=environment, capture_output=True, timeout=_TIME_LIMIT, check=False
        )
        found = tuple(sorted(_read(Path(folder) / _REPORT)))
    seconds = round(time.monotonic() - started, 2)
    return Kill(
        fault=name, expected=None, caught_by=found, requests=server.requests, calls=server.calls, seconds=seconds
    )


def _read(report: Path) -> set[str]:
    """The checks that found something, and `network` where the engine stumbled."""
    found: set[str] = set()
    for line in report.read_text().splitlines():
        kind, event = next(iter(json.loads(line).items()))
        if kind == "NonFatalError":
            found.add("network")
        for results in event.get("recorder", {}).get("checks", {}).values() if kind == "ScenarioFinished" else ():
            found.update(result["name"] for result in results if result["status"] == "failure")
    return found
