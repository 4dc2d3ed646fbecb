"""One run of the engine, Schemathesis's command line, in a process of its own.

The process is forked from one that has the engine imported already, so that a run in a process that makes many (`nox -s
kills`) does not pay for that each time. The engine's hooks reach back through `tell`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from contract_tests.exchanges import Exchange, Record
from contract_tests.options import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext, ForkServerProcess

    from contract_tests.options import Options
    from contract_tests.schedule import GivenRequest, Schedule
    from contract_tests.target import Target

TOKEN_ENV: Final = "CONTRACT_TOKEN"  # noqa: S105 - the name of a variable
SPEC_ENV: Final = "CONTRACT_SPEC"
FAIL_FAST_ENV: Final = "CONTRACT_FAIL_FAST"
"""The environment variables by which a run reaches our code within the engine."""
REPORTS: Final = {
    "html": "schemathesis-html",
    "junit": "schemathesis.junit.xml",
    "har": "schemathesis.har.json",
}
_IMPORTED_BEFORE: Final = [
    "contract_tests.hooks",
    "schemathesis.cli.commands.run.executor",
    "schemathesis.engine.run.unit",
    "schemathesis.specs.openapi.coverage",
    "schemathesis.specs.openapi.schemas",
]
"""What takes long to import. One that is there no more is passed over."""
_GRACE: Final = 5.0
_LOG_LINES: Final = 10_000


@dataclass(frozen=True)
class EngineRun:
    """How a run of the engine ended. `log` is what it printed."""

    exit_code: int
    timed_out: bool
    log: str
    record: Record


@dataclass(frozen=True)
class _Job:
    """What the engine's process is to do. It works in the folder, where it leaves files, and prints to the log."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    requests: Mapping[str, tuple[GivenRequest, ...]]
    """What to send of ours, by the label of the operation."""
    folder: Path
    log: Path


@dataclass
class _Heard:
    """What the engine's process told."""

    on_progress: Callable[[int], None]
    exchanges: list[Exchange] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def listen(self, channel: Connection) -> None:
        """Listens until the other end is closed."""
        while True:
            try:
                message = channel.recv()
            except (EOFError, OSError):
                return
            match message:
                case int():
                    self.on_progress(message)
                case str():
                    self.errors.append(message)
                case Exchange():
                    self.exchanges.append(message)

    @property
    def record(self) -> Record:
        """All that was told, each error once."""
        return Record(tuple(self.exchanges), tuple(dict.fromkeys(self.errors)))


def run_engine(target: Target, options: Options, schedule: Schedule, on_progress: Callable[[int], None]) -> EngineRun:
    """Runs the engine against the target and waits for it. `on_progress` hears the number of responses so far.

    The engine is stopped at the time limit, and whenever this function is left by an exception.
    """
    with tempfile.TemporaryDirectory(prefix="contract-") as scratch:
        folder = Path(scratch)
        job = _Job(
            _arguments(target, options), _environment(target, options), schedule.requests, folder, folder / "log"
        )
        ours, theirs = _context().Pipe(duplex=False)
        process = _context().Process(target=_work, args=(job, theirs))
        process.start()
        theirs.close()
        try:
            return _wait(process, ours, job, options, on_progress)
        finally:
            _stop(process)


def given_requests(label: str) -> tuple[GivenRequest, ...]:
    """What to send of ours to an operation; to be called in the engine's process."""
    return _state.requests.get(label, ())


def describe(case_id: str, description: str) -> None:
    """Notes what a request that was given to the engine is for, by the engine's id of the case."""
    _state.descriptions[case_id] = description


def description_of(case_id: str) -> str | None:
    """What was noted of a case."""
    return _state.descriptions.get(case_id)


def tell(message: int | str | Exchange) -> None:
    """Tells the process that started the engine: the number of responses so far, an error, or an exchange."""
    if _state.channel:
        try:
            _state.channel.send(message)
        except OSError:
            os._exit(1)  # nobody is left to work for


class _State:
    """What the engine's process was started with, and notes."""

    channel: Connection | None = None
    requests: Mapping[str, tuple[GivenRequest, ...]] = MappingProxyType({})
    descriptions: Final[dict[str, str]] = {}


_state: Final = _State()


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED_BEFORE)
    return context


def _work(job: _Job, channel: Connection) -> None:
    """What the engine's process does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _redirect(job.log)
    os.chdir(job.folder)
    os.environ.update(job.environment)
    _state.channel, _state.requests = channel, job.requests
    from schemathesis.cli import schemathesis  # noqa: PLC0415 - imported before the fork, and not by whoever forks

    sys.argv[1:] = job.arguments  # the engine reads it for what it shows
    schemathesis(job.arguments, prog_name="st")


def _redirect(log: Path) -> None:
    with log.open("wb") as file, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)


def _arguments(target: Target, options: Options) -> tuple[str, ...]:
    reports = [f"--report-{name}-path={options.report_dir.resolve() / file}" for name, file in REPORTS.items()]
    return (
        *("--config-file", str(ROOT / "schemathesis.toml")),
        *("run", str(options.spec.resolve()), "--url", target.url, "--seed", str(options.seed)),
        *("--phases", "examples,coverage,fuzzing" if options.fuzzing else "examples,coverage"),
        *("--report", ",".join(REPORTS), *reports),
    )


def _environment(target: Target, options: Options) -> dict[str, str]:
    return {
        TOKEN_ENV: target.token,
        SPEC_ENV: str(options.spec.resolve()),
        FAIL_FAST_ENV: str(int(options.fail_fast)),
        "NO_PROXY": "*",
        "COLUMNS": "120",
    }


def _wait(
    process: ForkServerProcess, ours: Connection, job: _Job, options: Options, on_progress: Callable[[int], None]
) -> EngineRun:
    heard = _Heard(on_progress)
    listener = threading.Thread(target=heard.listen, args=(ours,), daemon=True)
    listener.start()
    process.join(options.time_limit)
    timed_out = process.is_alive()
    _stop(process)
    listener.join(_GRACE)
    return EngineRun(process.exitcode or 0, timed_out, _tail(job.log), heard.record)


def _stop(process: ForkServerProcess) -> None:
    """Ends the process if it still runs: first with Ctrl-C, upon which it writes its reports, then by force."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if process.is_alive() and process.pid:
            os.kill(process.pid, number)
            process.join(_GRACE)


def _tail(log: Path) -> str:
    if not log.exists():
        return ""
    with log.open(encoding="utf-8", errors="replace") as file:
        return "".join(deque(file, maxlen=_LOG_LINES))
