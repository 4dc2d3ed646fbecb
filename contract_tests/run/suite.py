"""A run of the suite: preflight, engine, findings, result."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from contract_tests.engine.engine import REPORTS, EngineRun, run_engine
from contract_tests.exchange.exchange import Record, join
from contract_tests.guard.process import GuardError, guarding
from contract_tests.guard.proxy import Errand
from contract_tests.judge.judgement import VALID_REFUSED
from contract_tests.plan.schedule import Preparation, prepare
from contract_tests.result.finding_file import FOLDER, write_findings
from contract_tests.run.conclusion import conclude
from contract_tests.run.narrowing import make_sender, narrow_failures
from contract_tests.run.preflight import find_obstacle
from contract_tests.run.sending import make_client
from contract_tests.runtime.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from contract_tests.exchange.exchange import Exchange
    from contract_tests.guard.process import Guard
    from contract_tests.result.result import Result
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target

RESULT: Final = "result.json"
LOG: Final = "schemathesis.log"
_ENGINE_EXITS: Final = {0, 1}  # nothing found, something found
_ENGINE_INTERRUPTED: Final = 130
_REFUSALS: Final = {401, 403}
_SHOWN_ERRORS: Final = 3
_SHOWN_ERROR: Final = 300
_INTERRUPTED: Final = "The run was interrupted before it had tried everything."


class RunInterrupted(KeyboardInterrupt):
    """Ctrl-C came during a run."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result
        """What was found until then."""


def run(
    target: Target,
    options: Options,
    on_progress: Callable[[int], None] = lambda _: None,
    preparation: Preparation | None = None,
) -> Result:
    """Tests the target and says what was found. `on_progress` hears the number of responses so far.

    The reports are in `options.report_dir` afterwards, `result.json` among them.

    Raises:
        RunInterrupted: Ctrl-C came. The reports say what was found until then.
        SpecError: the spec cannot be read.
        TargetError: the token cannot be sent.
        OSError: the reports cannot be written.
    """
    started = time.monotonic()
    preparation = preparation or prepare(options, target.limits)
    errand = Errand(target.url, target.limits, options.max_calls, options.connect_timeout, options.spec.resolve())
    with ExitStack() as stack:
        guard = stack.enter_context(guarding(target, errand))
        prepare_report_dir(options.report_dir)
        record, obstacle = _Run(preparation, target, options, guard, started).make(on_progress)
        with _uninterrupted():
            stack.close()
            result = conclude(preparation, record, obstacle, target, options, time.monotonic() - started)
            write_findings(options.report_dir, result)
            write_whole(options.report_dir / RESULT, result.model_dump_json(indent=2) + "\n")
    if obstacle == _INTERRUPTED:
        raise RunInterrupted(result)
    return result


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Lets Ctrl-C come to nothing for a moment in which all is over but the writing."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Ctrl-C does not come here
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


@dataclass(frozen=True)
class _Run:
    """What is under way: the target behind its guard."""

    preparation: Preparation
    target: Target
    options: Options
    guard: Guard
    started: float

    def make(self, on_progress: Callable[[int], None]) -> tuple[Record, str | None]:
        """What was sent and came back, and what kept it from being all."""
        record = Record()
        try:
            if obstacle := self._find_obstacle():
                return record, obstacle
            engine_run = self._run_engine(on_progress)
            record = join(engine_run.cases, self.guard.exchanges())
            if engine_run.interrupted:
                return record, _INTERRUPTED
            if lost := self._find_loss(engine_run, record):
                return _without_lost(record), lost
            obstacle = _what_went_wrong(engine_run, record, self.options)
            if not self.options.fail_fast and not engine_run.timed_out:
                record = self._narrow(record)
        except GuardError as error:
            return record, str(error)
        except KeyboardInterrupt:
            return self._counted(record), _INTERRUPTED
        return record, obstacle

    def _counted(self, record: Record) -> Record:
        """The record with the calls of requests that are no exchange of it too."""
        with suppress(GuardError):
            return replace(record, calls=sum(exchange.may_have_rung for exchange in self.guard.exchanges()))
        return record

    def _find_obstacle(self) -> str | None:
        contract, timeout = self.preparation.contract, self.options.connect_timeout
        return find_obstacle(contract, self.guard.door, self.target.url, timeout)

    def _run_engine(self, on_progress: Callable[[int], None]) -> EngineRun:
        schedule = self.preparation.schedule
        engine_run = run_engine(
            self.target, self.guard.door, self.options, schedule, on_progress, on_stop=self.guard.hurry
        )
        write_whole(self.options.report_dir / LOG, engine_run.log)
        return engine_run

    def _find_loss(self, engine_run: EngineRun, record: Record) -> str | None:
        """Whether the target was lost on the way: what it did not answer is then its end, not a way of answering."""
        is_unanswered = any(_is_lost(exchange) for exchange in record.exchanges)
        is_over = self.options.max_calls is not None and record.calls >= self.options.max_calls
        if is_over or not (is_unanswered or engine_run.errors):
            return None
        obstacle = self._find_obstacle()
        return obstacle and f"The target was lost on the way, after {len(record.exchanges)} requests. {obstacle}"

    def _narrow(self, record: Record) -> Record:
        """The record with what was found out further of planned requests that failed."""
        contract, schedule = self.preparation.contract, self.preparation.schedule
        with make_client() as client:
            send = make_sender(self.guard, client, self.started + self.options.time_limit)
            further = narrow_failures(contract, schedule, record.exchanges, send, self.target.limits)
            exchanges = (*record.exchanges, *further)
        return self._counted(replace(record, exchanges=exchanges))


def prepare_report_dir(folder: Path) -> None:
    """Makes the folder and removes the reports of an earlier run, which must not pass for those of this one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (RESULT, LOG, FOLDER, *REPORTS.values()):
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)


def _without_lost(record: Record) -> Record:
    return replace(record, exchanges=tuple(exchange for exchange in record.exchanges if not _is_lost(exchange)))


def _is_lost(exchange: Exchange) -> bool:
    """Whether it may be for the target's end, or the token's, that a request was not answered or not accepted."""
    if exchange.response is None:
        return True
    is_refused = any(failure.check == VALID_REFUSED for failure in exchange.failures)
    return is_refused and exchange.response.status in _REFUSALS


def _what_went_wrong(engine_run: EngineRun, record: Record, options: Options) -> str | None:
    """What kept the engine from trying everything, while the target is there."""
    if options.fail_fast and engine_run.exit_code == _ENGINE_INTERRUPTED:
        return None
    if engine_run.timed_out:
        return f"The run was stopped: it was not done after {options.time_limit:g} s (--time-limit)."
    if engine_run.exit_code not in _ENGINE_EXITS or not (record.exchanges or record.untried):
        tail = "\n".join(engine_run.log.strip().splitlines()[-15:])
        return f"The engine did not do its work (exit {engine_run.exit_code}). It said:\n{tail}"
    if engine_run.errors:
        said = "\n".join(error[:_SHOWN_ERROR] for error in engine_run.errors[:_SHOWN_ERRORS])
        return f"The engine gave up before it had tried everything, over:\n{said}"
    return None
