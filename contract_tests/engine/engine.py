"""One run of the engine, Schemathesis's command line, in a process of its own.

The process is forked from one that has the engine imported already, so that a run in a process that makes many (`nox -s
kills`) does not pay for that each time. The engine's hooks reach back through `tell`.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from contract_tests.exchange.exchange import CheckedCase
from contract_tests.guard.proxy import REQUEST_TIMEOUT
from contract_tests.runtime.forking import GRACE, begin_forked, forkserver, stop
from contract_tests.runtime.serving import HOST
from contract_tests.target.options import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess

    from contract_tests.exchange.exchange import Door
    from contract_tests.plan.schedule import GivenRequest, Schedule
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target

TOKEN_ENV: Final = "CONTRACT_TOKEN"  # noqa: S105 - the name of a variable
SPEC_ENV: Final = "CONTRACT_SPEC"
ORIGIN_ENV: Final = "CONTRACT_ORIGIN"
FAIL_FAST_ENV: Final = "CONTRACT_FAIL_FAST"
"""The environment variables by which a run reaches our code within the engine."""
REPORTS: Final = {
    "html": "schemathesis-html",
    "junit": "schemathesis.junit.xml",
    "har": "schemathesis.har.json",
}
_KEPT_VARIABLES: Final = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")
_LOG_LINES: Final = 10_000
_FORCE: Final = (signal.SIGTERM, signal.SIGKILL)


@dataclass(frozen=True)
class EngineRun:
    """How a run of the engine ended. `log` is what it printed."""

    exit_code: int
    timed_out: bool
    interrupted: bool
    """Whether Ctrl-C came meanwhile."""
    log: str
    cases: tuple[CheckedCase, ...]
    errors: tuple[str, ...]
    """What the engine stumbled over, each thing once."""


@dataclass(frozen=True)
class _Job:
    """What the engine's process is to do. It works in the folder, where it leaves files, and prints to the log."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    requests: Mapping[str, tuple[GivenRequest, ...]]
    """What to send of ours, by the label of the operation."""
    data: Mapping[str, Any]
    """What to put into every request, by its place."""
    folder: Path
    log: Path


@dataclass
class _Heard:
    """What the engine's process tells, until the other end of the channel is closed."""

    channel: Connection
    on_progress: Callable[[int], None]
    cases: list[CheckedCase] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def wait(self) -> None:
        """Waits for what is still to be heard of a process that has ended."""
        self._listener.join(GRACE)

    def _listen(self) -> None:
        while True:
            try:
                message = self.channel.recv()
            except (EOFError, OSError):
                return
            match message:
                case int():
                    self.on_progress(message)
                case str():
                    self.errors.append(message)
                case CheckedCase():
                    self.cases.append(message)


def run_engine(  # noqa: PLR0913, PLR0917 - all that a run is made of
    target: Target,
    door: Door,
    options: Options,
    schedule: Schedule,
    on_progress: Callable[[int], None],
    on_stop: Callable[[], None] = lambda: None,
) -> EngineRun:
    """Runs the engine against a guarded target and waits for it. `on_progress` hears the number of responses so far.

    `on_stop` is told when the engine is asked to stop, which it does before its next request.
    The engine is stopped at the time limit and upon Ctrl-C, and then tells what it has done so far. A second Ctrl-C,
    or another exception, ends it at once. Its reports are in `options.report_dir` afterwards, unless it was ended so.
    """
    with tempfile.TemporaryDirectory(prefix="contract-") as scratch:
        folder = Path(scratch)
        job = _Job(
            arguments=_arguments(door, options, folder),
            environment=_environment(target, door, options, folder),
            requests=schedule.requests,
            data=target.limits.data,
            folder=folder,
            log=folder / "log",
        )
        ours, theirs = forkserver().Pipe(duplex=False)
        process = forkserver().Process(target=_work, args=(job, theirs))
        process.start()
        theirs.close()
        try:
            engine_run = _wait(process, job, options.time_limit, _Heard(ours, on_progress), on_stop)
            if engine_run.exit_code >= 0:  # else it was killed, and may have left half of each
                _hand_over(folder, options.report_dir)
            return engine_run
        finally:
            stop(process, *_FORCE)


def given_requests(label: str) -> tuple[GivenRequest, ...]:
    """What to send of ours to an operation; to be called in the engine's process."""
    return _state.requests.get(label, ())


def data() -> Mapping[str, Any]:
    """What to put into every request, by its place; to be called in the engine's process."""
    return _state.data


def describe(case_id: str, description: str) -> None:
    """Notes what a request that was given to the engine is for, by the engine's id of the case."""
    _state.descriptions[case_id] = description


def description_of(case_id: str) -> str | None:
    """What was noted of a case."""
    return _state.descriptions.get(case_id)


def ask_to_stop() -> None:
    """Has the engine end before its next request, and write its reports; to be called in its process."""
    _state.is_to_stop = True


def is_to_stop() -> bool:
    """Whether no further request is to be sent."""
    return _state.is_to_stop


def tell(message: int | str | CheckedCase) -> None:
    """Tells the process that started the engine: the number of responses so far, an error, or a checked case."""
    if _state.channel:
        try:
            _state.channel.send(message)
        except OSError:
            os._exit(1)  # nobody is left to work for


class _State:
    """What the engine's process was started with, and notes."""

    channel: Connection | None = None
    requests: Mapping[str, tuple[GivenRequest, ...]] = MappingProxyType({})
    data: Mapping[str, Any] = MappingProxyType({})
    descriptions: Final[dict[str, str]] = {}
    is_to_stop = False


_state: Final = _State()


def _work(job: _Job, channel: Connection) -> None:
    """What the engine's process does."""
    begin_forked()
    signal.signal(signal.SIGINT, lambda *_: ask_to_stop())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # as it is in what this was forked from
    _redirect(job.log)
    os.chdir(job.folder)
    _set_environment(job.environment)
    _state.channel, _state.requests, _state.data = channel, job.requests, job.data
    from schemathesis.cli import schemathesis  # noqa: PLC0415 - imported before the fork, and not by whoever forks

    sys.argv[1:] = job.arguments  # the engine reads it for what it shows
    schemathesis(job.arguments, prog_name="st")


def _set_environment(own: Mapping[str, str]) -> None:
    """Leaves the engine nothing of the user's environment that it has no use for: the token and other secrets."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    os.environ.clear()
    os.environ.update({**kept, **own})


def _redirect(log: Path) -> None:
    with log.open("wb") as file, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)


def _hand_over(folder: Path, report_dir: Path) -> None:
    """Moves the engine's reports to where they belong."""
    for file in REPORTS.values():
        if (folder / file).exists():
            shutil.move(folder / file, report_dir / file)


def _arguments(door: Door, options: Options, folder: Path) -> tuple[str, ...]:
    reports = [f"--report-{name}-path={folder / file}" for name, file in REPORTS.items()]
    return (
        *("--config-file", str(ROOT / "schemathesis.toml")),
        *("run", str(options.spec.resolve()), "--url", door.url, "--seed", str(options.seed)),
        *("--phases", "examples,coverage,fuzzing" if options.fuzzing else "examples,coverage"),
        *("--report", ",".join(REPORTS), *reports),
    )


def _environment(target: Target, door: Door, options: Options, folder: Path) -> dict[str, str]:
    return {
        TOKEN_ENV: door.placeholder,
        ORIGIN_ENV: target.url,
        SPEC_ENV: str(options.spec.resolve()),
        FAIL_FAST_ENV: str(int(options.fail_fast)),
        # The engine's client would have a user's proxy between it and the guard, and log in as ~/.netrc says.
        "NO_PROXY": HOST,
        "NETRC": str(folder / "no-netrc"),
        "COLUMNS": "120",
    }


def _wait(
    process: ForkServerProcess, job: _Job, time_limit: float, heard: _Heard, on_stop: Callable[[], None]
) -> EngineRun:
    interrupted = False
    try:
        process.join(time_limit)
    except KeyboardInterrupt:
        interrupted = True
    timed_out = process.is_alive() and not interrupted
    with suppress(KeyboardInterrupt):  # a second Ctrl-C, which is not to wait for anything
        on_stop()
        stop(process, signal.SIGINT, grace=REQUEST_TIMEOUT + GRACE)
    stop(process, *_FORCE)
    heard.wait()
    errors = tuple(dict.fromkeys(heard.errors))
    return EngineRun(process.exitcode or 0, timed_out, interrupted, _tail(job.log), tuple(heard.cases), errors)


def _tail(log: Path) -> str:
    if not log.exists():
        return ""
    with log.open(encoding="utf-8", errors="replace") as file:
        return "".join(deque(file, maxlen=_LOG_LINES))
