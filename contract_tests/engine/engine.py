"""The engine, seen from the run: one run of Schemathesis, in a process and a folder of its own."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from contract_tests.engine.job import ENDED, FOLDER, LOG, MAY_SEND, REPORT, Credential, Job
from contract_tests.engine.report import EngineReport, read_report
from contract_tests.exchange.credentials import fill_in, right_value
from contract_tests.exchange.marks import MARK
from contract_tests.runtime.child import start
from contract_tests.runtime.modules import ENGINE
from spec.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contract_tests.runtime.child import Child
    from contract_tests.target.credentials import Credentials
    from contract_tests.target.options import Options
    from contract_tests.target.own_values import OwnValues

_LOG_LINES: Final = 10_000


@dataclass(frozen=True)
class EngineRun:
    """The end of a run of the engine. The exit code is negative for a signal, and None where it was not awaited."""

    exit_code: int | None
    log: str
    report: EngineReport
    ended: tuple[str, ...] = ()
    """The labels of the operations whose tests ended because no call is left."""


class Engine:
    """An engine whose process runs, or is about to."""

    def __init__(self, child: Child, folder: Path) -> None:
        self._child = child
        self._folder = folder

    def begin(  # noqa: PLR0913 - what a run of it depends on
        self,
        url: str,
        token: str,
        options: Options,
        own_values: OwnValues | None,
        credentials: Credentials,
        *,
        has_links: bool = False,
        only: Sequence[str] = (),
        costly: Iterable[str] = (),
    ) -> None:
        """Has it make its requests for the server at a base URL, and send none yet. `wait` tells if it has ended.

        Each request has the credentials of its operation, with the token in place of every secret. `only` are the
        labels of the operations to test; all, if there is none. `costly` are those of the operations that cost.
        """
        chosen = [text for label in only for text in ("--include-name", label)]
        further = ("--phases", _phases(options, has_links=has_links), "--workers", str(options.workers), *chosen)
        arguments = (*_arguments(url, token, options, self._folder), *further)
        right = right_credentials(credentials, token)
        self._tell(Job(arguments, self._folder, own_values, right, frozenset(costly)))

    def let_send(self) -> None:
        """Lets it send its requests."""
        self._tell(MAY_SEND)

    def _tell(self, message: object) -> None:
        with suppress(OSError):
            self._child.channel.send(message)

    def wait(self, deadline: float) -> int | None:
        """Waits for its end until a time of the monotonic clock; gives its exit code, or None if it still runs."""
        return self._child.wait(max(0.0, deadline - time.monotonic()))

    def end(self, exit_code: int | None, report_dir: Path) -> EngineRun:
        """Ends it, moves its files to the folder of the reports, and reads them."""
        self._child.end()
        files = report_dir / FOLDER
        files.mkdir(parents=True, exist_ok=True)
        for name in (LOG, REPORT):
            if (self._folder / name).exists():
                shutil.move(self._folder / name, files / name)
        log, report = _tail(files / LOG) or self._child.output, read_report(files / REPORT)
        return EngineRun(exit_code, log, report, _read_labels(self._folder / ENDED))


@contextmanager
def engine() -> Iterator[Engine]:
    """An engine for as long as the block runs; its process is the one that was started early, or a new one."""
    child = start(ENGINE)
    try:
        with tempfile.TemporaryDirectory(prefix="contract-") as folder:
            yield Engine(child, Path(folder))
    finally:
        child.end()


def _phases(options: Options, *, has_links: bool) -> str:
    """The phases of a run. Those of random requests, be they along links, cost calls, and are left out together."""
    random = ["fuzzing", *(["stateful"] if has_links else [])] if options.fuzzing else []
    return ",".join(["coverage", *random])


def _arguments(url: str, token: str, options: Options, folder: Path) -> tuple[str, ...]:
    return (
        *("--config-file", str(ROOT / "schemathesis.toml")),
        *("run", str(options.spec.resolve()), "--url", url, "--seed", str(options.seed)),
        *("--header", f"{MARK}: {token}"),
        *("--report", "ndjson", "--report-ndjson-path", str(folder / REPORT)),
    )


def right_credentials(credentials: Credentials, token: str) -> dict[str, tuple[Credential, ...]]:
    """The right credentials of each operation's requests, by its label, with a token in place of every secret."""
    return {
        operation.label: tuple(
            Credential(scheme.location, scheme.field, fill_in(right_value(scheme), token))
            for scheme in operation.credentials
        )
        for operation in credentials.operations
    }


def _tail(log: Path) -> str:
    if not log.exists():
        return ""
    with log.open(encoding="utf-8", errors="replace") as file:
        return "".join(deque(file, maxlen=_LOG_LINES))


def _read_labels(path: Path) -> tuple[str, ...]:
    """The lines of a file, each once; none if there is no such file."""
    return tuple(dict.fromkeys(path.read_text(encoding="utf-8").splitlines())) if path.exists() else ()
