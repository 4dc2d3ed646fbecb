"""Watches the traffic of a test, and has the judge say what breaks the contract. The judge is a process of its own.

It takes half a second to import, and only tests with traffic need it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Exchange = dict[str, Any]
"""A request and what came back, as contract_tests/traffic/exchange.schema.json describes it."""
_SITE: Final = Path(__file__).resolve().parents[2]
"""The folder that holds the package, whatever it is called there."""
_GRACE: Final = 10.0
_BY_ITSELF: Final = {401, 403}
"""The statuses by which the mock turns away what is about credentials, and no breach of the contract."""
_CLIENT_ERROR: Final = 4


class JudgeError(Exception):
    """The judge does not run. `str()` says why."""


class Judge:
    """The judge's process, which starts when it is first asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def texts(self, exchanges: Sequence[Exchange]) -> list[str]:
        """Everything in the exchanges that breaks the contract, in words. Raises JudgeError."""
        process = self._process = self._process or _start()
        assert process.stdin  # noqa: S101 - it has pipes
        assert process.stdout  # noqa: S101 - the same
        try:
            process.stdin.write(f"{json.dumps(exchanges)}\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        if not line:
            raise JudgeError(_last_words(process))
        return [str(text) for text in json.loads(line)]

    def end(self) -> None:
        """Ends it."""
        if self._process:
            try:
                self._process.communicate(timeout=_GRACE)
            except (subprocess.TimeoutExpired, OSError, ValueError):
                self._process.kill()
                self._process.wait()


class Watch:
    """The traffic of a test. `catch_up` waits until all exchanges are there, and says why some are not.

    Attributes:
        exchanges: The exchanges so far.
    """

    def __init__(self, judge: Judge, exchanges: list[Exchange], catch_up: Callable[[], str | None]) -> None:
        self.exchanges = exchanges
        self._judge = judge
        self._catch_up = catch_up

    def findings(self) -> list[str]:
        """Everything that breaks the contract so far, in words. Raises JudgeError."""
        missing = self._catch_up()
        texts = self._judge.texts(self.exchanges) if self.exchanges else []
        return [f"not all of the traffic was judged: {missing}", *texts] if missing else texts

    def forgive(self) -> None:
        """Forgets the exchanges so far: the test does not fail for them."""
        self._catch_up()
        self.exchanges.clear()


def may_break(exchange: Exchange) -> bool:
    """Tells whether an exchange of the mock may break the contract: else, the mock has judged it by its models."""
    response = exchange["response"]
    is_refused = response is not None and response["status"] // 100 == _CLIENT_ERROR
    return response is None or (is_refused and response["status"] not in _BY_ITSELF)


def _start() -> subprocess.Popen[str]:
    package = Path(__file__).resolve().parents[1].name
    others = {name: value for name, value in os.environ.items() if not name.startswith("VOICEOS")}
    paths = [str(_SITE), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-P", "-m", f"{package}.traffic.in_tests"],
        env=others | {"PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _last_words(process: subprocess.Popen[str]) -> str:
    """The reason why the judge has ended."""
    _, said = process.communicate(timeout=_GRACE)
    last = next(iter(said.strip().splitlines()[-1:]), "it said nothing")
    remedy = ": pip install 'voiceos-contract[pytest]'" if "ModuleNotFoundError" in last else ""
    return f"the judge of the traffic does not run ({last}){remedy}"
