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
from typing import TYPE_CHECKING, Final

from contract_tests.options import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from contract_tests.options import Options
    from contract_tests.target import Target

SIGN_OF_LIFE: Final = "\x1eresponses:"
"""How a line begins in which contract_tests/hooks.py, from within the engine, tells the number of responses so far."""
DESCRIPTION: Final = "\x1ecase:"
"""How a line begins in which it tells, before sending it, what a request that was given to the engine is for."""
TOKEN_ENV: Final = "CONTRACT_TOKEN"  # noqa: S105 - the name of a variable
SPEC_ENV: Final = "CONTRACT_SPEC"
SEED_ENV: Final = "CONTRACT_SEED"
ALL_KNOWN_NAMES_ENV: Final = "CONTRACT_ALL_KNOWN_NAMES"
"""The environment variables by which a run reaches our code within the engine."""
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
    descriptions: Mapping[str, str]
    """What the requests that were given to the engine are for, by the engine's id of the case."""


def run_engine(target: Target, options: Options, on_progress: Callable[[int], None]) -> EngineRun:
    """Runs the engine against the target and waits for it. `on_progress` hears the number of responses so far.

    The engine is stopped at the time limit, and whenever this function is left by an exception.
    """
    with tempfile.TemporaryDirectory(prefix="contract-") as scratch:
        process = subprocess.Popen(  # noqa: S603 - our own command
            _command(target, options),
            cwd=scratch,  # the engine leaves files where it works
            env=_environment(target, options),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        with process:
            try:
                return _wait(process, options, on_progress)
            finally:
                _stop(process)


def _command(target: Target, options: Options) -> list[str]:
    reports = [f"--report-{name}-path={options.report_dir.resolve() / file}" for name, file in REPORTS.items()]
    return [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(ROOT / "schemathesis.toml")),
        *("run", str(options.spec.resolve()), "--url", target.url, "--seed", str(options.seed)),
        *("--phases", "examples,coverage,fuzzing" if options.fuzzing else "examples,coverage"),
        *("--report", ",".join(REPORTS), *reports),
    ]


def _environment(target: Target, options: Options) -> dict[str, str]:
    return os.environ | {
        TOKEN_ENV: target.token,
        SPEC_ENV: str(options.spec.resolve()),
        SEED_ENV: str(options.seed),
        ALL_KNOWN_NAMES_ENV: str(int(options.all_known_names)),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "NO_PROXY": "*",
        "COLUMNS": "120",
    }


def _wait(process: subprocess.Popen[str], options: Options, on_progress: Callable[[int], None]) -> EngineRun:
    log: deque[str] = deque(maxlen=10_000)
    descriptions: dict[str, str] = {}
    reader = threading.Thread(target=_read, args=(process, log, descriptions, on_progress), daemon=True)
    reader.start()
    try:
        process.wait(options.time_limit)
        timed_out = False
    except subprocess.TimeoutExpired:
        timed_out = True
        _stop(process)
    reader.join(_GRACE)
    return EngineRun(process.returncode, timed_out, "".join(log), options.report_dir / REPORTS["ndjson"], descriptions)


def _read(
    process: subprocess.Popen[str],
    log: deque[str],
    descriptions: dict[str, str],
    on_progress: Callable[[int], None],
) -> None:
    for line in process.stdout or ():
        if line.startswith(SIGN_OF_LIFE):
            on_progress(int(line.removeprefix(SIGN_OF_LIFE)))
        elif line.startswith(DESCRIPTION):
            case_id, _, description = line.removeprefix(DESCRIPTION).rstrip("\n").partition(" ")
            descriptions[case_id] = description
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
