"""One run of the engine, Schemathesis's command line, in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.target import Target

ROOT: Final = Path(__file__).resolve().parent.parent
SIGN_OF_LIFE: Final = "\x1eresponses:"
"""How a line begins in which contract_tests/hooks.py, from within the engine, tells the number of responses so far."""
_GRACE: Final = 5.0
REPORTS: Final = {
    "html": "schemathesis-html",
    "junit": "schemathesis.junit.xml",
    "har": "schemathesis.har.json",
    "json": "schemathesis.json",
    "ndjson": "schemathesis.ndjson",
}


@dataclass(frozen=True)
class EngineRun:
    """How a run of the engine ended. `log` is what it printed; `record` is its NDJSON report."""

    exit_code: int
    timed_out: bool
    log: str
    record: Path


def run_engine(  # noqa: PLR0913 - the six things that a run depends on
    spec: Path, target: Target, *, seed: int, report_dir: Path, time_limit: float, on_progress: Callable[[int], None]
) -> EngineRun:
    """Runs the engine against the target and waits for it. `on_progress` hears the number of responses so far.

    The engine is stopped after `time_limit` seconds, and whenever this function is left by an exception.
    """
    with tempfile.TemporaryDirectory(prefix="contract-") as scratch:
        process = subprocess.Popen(  # noqa: S603 - our own command
            _command(spec, target, seed, report_dir),
            cwd=scratch,  # the engine leaves files where it works
            env=_environment(target),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        with process:
            try:
                return _wait(process, report_dir, time_limit, on_progress)
            finally:
                _stop(process)


def _command(spec: Path, target: Target, seed: int, report_dir: Path) -> list[str]:
    reports = [f"--report-{name}-path={report_dir.resolve() / file}" for name, file in REPORTS.items()]
    return [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(ROOT / "schemathesis.toml")),
        *("run", str(spec.resolve()), "--url", target.url, "--seed", str(seed)),
        *("--report", ",".join(REPORTS), *reports),
    ]


def _environment(target: Target) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return os.environ | {"CONTRACT_TOKEN": target.token, "PYTHONPATH": path, "NO_PROXY": "*", "COLUMNS": "120"}


def _wait(
    process: subprocess.Popen[str], report_dir: Path, time_limit: float, on_progress: Callable[[int], None]
) -> EngineRun:
    log: deque[str] = deque(maxlen=10_000)
    reader = threading.Thread(target=_read, args=(process, log, on_progress), daemon=True)
    reader.start()
    try:
        process.wait(time_limit)
        timed_out = False
    except subprocess.TimeoutExpired:
        timed_out = True
        _stop(process)
    reader.join(_GRACE)
    return EngineRun(process.returncode, timed_out, "".join(log), report_dir / REPORTS["ndjson"])


def _read(process: subprocess.Popen[str], log: deque[str], on_progress: Callable[[int], None]) -> None:
    for line in process.stdout or ():
        if line.startswith(SIGN_OF_LIFE):
            on_progress(int(line.removeprefix(SIGN_OF_LIFE)))
        else:
            log.append(line)


def _stop(process: subprocess.Popen[str]) -> None:
    """Ends the process if it still runs: first with Ctrl-C, upon which it writes its reports, then by force."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(number)
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                continue
    if process.poll() is None:
        process.kill()
        process.wait()
