"""A run of the suite: preflight, engine, findings, result."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.contract import read_contract
from contract_tests.engine import REPORTS, EngineRun, run_engine
from contract_tests.exchanges import Record, join
from contract_tests.finding_file import FOLDER, replay_command, write_findings
from contract_tests.findings import find_findings
from contract_tests.guard.process import PLACEHOLDER, GuardError, guarding
from contract_tests.guard.proxy import Errand
from contract_tests.judgement import NO_ANSWER, VALID_REFUSED
from contract_tests.limits import FREE
from contract_tests.narrowing import make_sender, narrow_failures
from contract_tests.preflight import find_obstacle
from contract_tests.result import Result
from contract_tests.rules.documented import STANDINGS
from contract_tests.schedule import make_schedule
from contract_tests.sending import make_client
from contract_tests.tallies import tally_checks, tally_facts
from contract_tests.target import EMBEDDED_MOCK
from contract_tests.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from contract_tests.contract import Contract
    from contract_tests.exchanges import Exchange
    from contract_tests.guard.process import Guard
    from contract_tests.limits import Limits
    from contract_tests.options import Options
    from contract_tests.schedule import Schedule
    from contract_tests.target import Target

RESULT: Final = "result.json"
LOG: Final = "schemathesis.log"
CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_is_json",
    "response_schema_conformance",
    "documented_request_accepted",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
    "authorization_required",
    "invalid_request_refused",
    "malformed_json_refused",
    "undocumented_media_type_refused",
    "no_redirect_to_another_origin",
    NO_ANSWER,
    *STANDINGS,
)
"""The checks of a run: the engine's own that have something to say of this endpoint, then ours.

The engine has more, which are made too where the spec gives them something to look at: `response_headers_conformance`
and `missing_required_header`, and with several operations `use_after_free`, `ensure_resource_availability` and
`object_level_authorization`.
"""
_ENGINE_EXITS: Final = {0, 1}  # nothing found, something found
_ENGINE_INTERRUPTED: Final = 130
_REFUSALS: Final = {401, 403}
_ANSWER_TIMEOUT: Final = 150.0  # beyond what the guard waits for a target
_SHOWN_ERRORS: Final = 3
_CUTTING: Final = {"budget", "lost", "volume"}
"""The limits that leave a run incomplete. The others hold in every run against a target."""
_SHOWN_ERROR: Final = 300
_INTERRUPTED: Final = "The run was interrupted before it had tried everything."


class RunInterrupted(KeyboardInterrupt):
    """Ctrl-C came during a run."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result
        """What was found until then."""


@dataclass(frozen=True)
class Preparation:
    """What a run needs beside a target: the contract, and what to send."""

    contract: Contract
    schedule: Schedule


def prepare(options: Options, limits: Limits = FREE) -> Preparation:
    """What a run with these options needs. It may be used for many against targets with these limits.

    Raises:
        SpecError: the spec cannot be read.
    """
    contract = read_contract(options.spec)
    return Preparation(contract, make_schedule(contract, options, PLACEHOLDER, limits))


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
        engine_run = run_engine(self.target, self.guard.door, self.options, schedule, on_progress)
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
        with make_client(_ANSWER_TIMEOUT) as client:
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


def conclude(  # noqa: PLR0913, PLR0917 - all that a result is made of
    preparation: Preparation,
    record: Record,
    obstacle: str | None,
    target: Target,
    options: Options,
    seconds: float,
) -> Result:
    """The result of what was sent and came back; `obstacle` is what kept it from being all."""
    contract = preparation.contract
    is_lenient = not (options.strict or target.is_on_this_machine)
    token_env = None if target.name == EMBEDDED_MOCK else options.token_env
    command = partial(replay_command, options.report_dir, token_env)
    findings = find_findings(contract, record, command, is_lenient=is_lenient)
    facts, additions = tally_facts(contract, record, is_lenient=is_lenient)
    plans = preparation.schedule.plans.values()
    untried = (*(str(choice) for plan in plans for choice in plan.untried), *_describe_untried(record, cut=True))
    is_violated = any(not finding.is_warning for finding in findings) or bool(options.strict and additions)
    return Result(
        verdict="violates" if is_violated else "untestable" if obstacle else "incomplete" if untried else "conforms",
        reason=obstacle,
        target=target.name,
        url=target.url,
        spec_version=contract.spec.document["info"]["version"],
        spec_sha256=contract.spec.sha256,
        seed=options.seed,
        seconds=round(seconds, 3),
        requests=len(record.exchanges),
        calls=record.calls,
        checks=tally_checks(CHECKS, record),
        facts=facts,
        findings=findings,
        additions=additions,
        untried=untried,
        withheld=(*(str(choice) for plan in plans for choice in plan.withheld), *_describe_untried(record, cut=False)),
        reports={
            name: str(options.report_dir / file)
            for name, file in REPORTS.items()
            if (options.report_dir / file).exists()
        },
    )


def _describe_untried(record: Record, *, cut: bool) -> tuple[str, ...]:
    """The requests that were not sent, each thing once: those that a limit of the run cut off, or the others."""
    chosen = [untried for untried in record.untried if (untried.refusal.limit in _CUTTING) is cut]
    return tuple(dict.fromkeys(f"{untried.description} ({untried.refusal.reason})" for untried in chosen))
