"""A run of the suite: preflight, our own requests, Schemathesis, narrowing, result."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Final

from contract_tests.contract.contract import read_contract
from contract_tests.engine.engine import engine
from contract_tests.engine.job import LOG, REPORT
from contract_tests.guard.errand import Errand
from contract_tests.guard.guard import GuardError, guarding
from contract_tests.judge.judge import Judging
from contract_tests.judge.witness import hear_witness
from contract_tests.plan.schedule import make_schedule
from contract_tests.report.files import prepare_folder, write_result
from contract_tests.run.conclusion import conclude
from contract_tests.run.evidence import Evidence
from contract_tests.run.narrowing import narrow_failures
from contract_tests.run.preflight import REFUSED, find_obstacle
from contract_tests.run.sending import Sender
from contract_tests.runtime.interrupts import ignoring_ctrl_c
from contract_tests.target.own_values import OwnValues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from contract_tests.contract.contract import Contract
    from contract_tests.engine.engine import Engine, EngineRun
    from contract_tests.exchange.exchange import Record, Request
    from contract_tests.guard.guard import Guard
    from contract_tests.judge.judge import Judged
    from contract_tests.plan.schedule import PlannedRequest, Schedule
    from contract_tests.result.result import Result
    from contract_tests.run.narrowing import Narrowed
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target

_ENGINE_EXITS: Final = {0, 1}  # nothing found, something found
_SHOWN_ERRORS: Final = 3
_SHOWN_ERROR: Final = 300
_SHOWN_LINES: Final = 15
_INTERRUPTED: Final = "The run was interrupted before it had tried everything."
_WITHOUT_ID: Final = "a probe by Schemathesis"  # all other requests have an id
_FURTHER: Final = "a further request, to narrow a failure"


class RunInterrupted(KeyboardInterrupt):
    """Ctrl-C came during a run. `result` is what was found until then."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


def run(
    target: Target,
    options: Options,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Result:
    """Tests the target and says what was found. `on_progress` hears the number of exchanges so far.

    The reports are in `options.report_dir` afterwards, `result.json` among them.

    Raises:
        RunInterrupted: Ctrl-C came. The reports say what was found until then.
        SpecError: the spec cannot be read.
        TargetError: the token cannot be sent.
        OSError: the reports cannot be written.
    """
    started = time.monotonic()
    errand = Errand(target.url, target.limits, options.max_calls, options.connect_timeout, options.spec.resolve())
    with ExitStack() as stack:
        schemathesis = stack.enter_context(engine())
        contract = read_contract(options.spec)
        schedule = _schedule(contract, target, options)
        prepare_folder(options.report_dir, (LOG, REPORT))
        try:
            guard = stack.enter_context(guarding(target, errand, on_progress))
            evidence = _Run(contract, schedule, target, options, guard, schemathesis, started).make()
        except GuardError as error:
            evidence = Evidence(obstacle=str(error), schedule=schedule)
        with ignoring_ctrl_c():  # all is over but the writing
            result = conclude(contract, evidence, target, options, time.monotonic() - started)
            write_result(options.report_dir, result)
            stack.close()
    if evidence.obstacle == _INTERRUPTED:
        raise RunInterrupted(result)
    return result


def _schedule(contract: Contract, target: Target, options: Options) -> Schedule:
    return make_schedule(
        contract,
        all_known_names=options.all_known_names,
        seed=options.seed,
        max_calls=options.max_calls,
        limits=target.limits,
    )


@dataclass
class _Run:
    """A run under way: the target behind its guard, and the engine."""

    contract: Contract
    schedule: Schedule
    target: Target
    options: Options
    guard: Guard
    engine: Engine
    started: float
    engine_run: EngineRun | None = field(default=None, init=False)
    is_out_of_time: bool = field(default=False, init=False)

    def make(self) -> Evidence:
        """The evidence, whatever comes in between."""
        try:
            return self._test()
        except KeyboardInterrupt:
            record = self._record_in_haste()
            with ignoring_ctrl_c():  # what was found until now is not lost to another one
                return self._evidence(record, _INTERRUPTED)

    def _test(self) -> Evidence:
        try:
            if obstacle := self._find_obstacle():
                return self._evidence(self.guard.record(), obstacle)
            self._send_everything()
            return self._judge()
        except GuardError as error:
            return self._evidence(self.guard.told(), str(error))

    @property
    def _deadline(self) -> float:
        return self.started + self.options.time_limit

    def _find_obstacle(self) -> str | None:
        return find_obstacle(self.contract, self.guard.door, self.target.url, self.options.connect_timeout)

    def _send_everything(self) -> None:
        """Sends our own requests, the valid ones first, and has the engine send its own, until the time is up."""
        with Sender(self.guard.door) as sender:
            self._send(sender, self.schedule.valid)
            self._begin_engine()
            self._send(sender, self.schedule.invalid)
        self._end_engine(self.engine.wait(self._deadline))

    def _send(self, sender: Sender, requests: Iterable[PlannedRequest]) -> None:
        for planned in requests:
            if time.monotonic() > self._deadline:
                self.is_out_of_time = True
                return
            sender.send(planned.request, planned.id)

    def _begin_engine(self) -> None:
        values = self.target.limits.data
        own_values = OwnValues(self.options.spec.resolve(), values) if values else None
        self.engine.begin(self.guard.door.url, self.guard.door.placeholder, self.options, own_values)

    def _end_engine(self, exit_code: int | None) -> None:
        if exit_code is None:
            self.is_out_of_time = True
            self.guard.stop()
        self.engine_run = self.engine.end(exit_code, self.options.report_dir)

    def _record_in_haste(self) -> Record:
        """The record after Ctrl-C: whole, unless a second one comes."""
        try:
            self.guard.stop()
            self.engine_run = self.engine.end(None, self.options.report_dir)
            return self.guard.record()
        except (GuardError, KeyboardInterrupt):
            return self.guard.told()

    def _judge(self) -> Evidence:
        record = self.guard.record()  # whatever went wrong, if the guard is gone, it comes from that
        evidence = self._evidence(record, self._what_went_wrong())
        if lost := self._find_loss(evidence):
            return replace(
                evidence, judged=tuple(each for each in evidence.judged if not _is_lost(each)), obstacle=lost
            )
        return evidence if self.is_out_of_time else self._narrow(evidence)

    def _evidence(self, record: Record, obstacle: str | None = None) -> Evidence:
        """The evidence of a record: what our judge says of it, and what the engine does."""
        record = record.told(self._purposes())
        self._judging = Judging(self.contract)
        judged = self._judging.judge(record.sent)
        testimony = self.engine_run.report.testimony if self.engine_run else ()
        return Evidence(record, tuple(hear_witness(judged, testimony)), obstacle, schedule=self.schedule)

    def _purposes(self) -> dict[str, str]:
        """The purpose of each request, by its id."""
        engine = self.engine_run.report.purposes if self.engine_run else {}
        return {"": _WITHOUT_ID, **engine, **{planned.id: planned.purpose for planned in self.schedule.requests}}

    def _find_loss(self, evidence: Evidence) -> str | None:
        """The reason why the target was lost on the way: its silence is then its end, not a way of answering."""
        may_be_lost = any(_is_lost(each) for each in evidence.judged)
        is_over = self.options.max_calls is not None and evidence.record.calls >= self.options.max_calls
        has_errors = bool(self.engine_run and self.engine_run.report.errors)
        if is_over or not (may_be_lost or has_errors):
            return None
        obstacle = self._find_obstacle()
        return obstacle and f"The target was lost on the way, after {len(evidence.judged)} requests. {obstacle}"

    def _what_went_wrong(self) -> str | None:
        """What kept the run from trying everything, while the target is there."""
        if self.is_out_of_time:
            return f"The run was stopped: it was not done after {self.options.time_limit:g} s (--time-limit)."
        engine_run = self.engine_run
        if engine_run and engine_run.exit_code not in _ENGINE_EXITS:
            tail = "\n".join(engine_run.log.strip().splitlines()[-_SHOWN_LINES:])
            return f"Schemathesis failed (exit {engine_run.exit_code}). Its last lines:\n{tail}"
        if engine_run and engine_run.report.errors:
            said = "\n".join(error[:_SHOWN_ERROR] for error in engine_run.report.errors[:_SHOWN_ERRORS])
            return f"Schemathesis gave up before it had tried everything, because of:\n{said}"
        return None

    def _narrow(self, evidence: Evidence) -> Evidence:
        """The evidence with what further requests tell of planned requests that failed."""
        with Sender(self.guard.door) as sender:
            numbers = count(1)

            def attempt(request: Request) -> Judged | None:
                return self._send_further(sender, request, f"further-{next(numbers)}")

            narrowed = narrow_failures(self.contract, self.schedule, evidence.judged, attempt, self.target.limits)
        return self._with_further(evidence, narrowed)

    def _send_further(self, sender: Sender, request: Request, exchange_id: str) -> Judged | None:
        """Sends a further request; None where it is not sent, or the time is up."""
        if time.monotonic() > self._deadline:
            return None
        answer = sender.send(request, exchange_id)
        exchange = self.guard.find(exchange_id) if answer else None
        if exchange is None or exchange.refusal:
            return None
        return next(self._judging.judge([replace(exchange, purpose=_FURTHER)]), None)

    def _with_further(self, evidence: Evidence, narrowed: Narrowed) -> Evidence:
        if not narrowed.further:
            return evidence
        record = self.guard.record().told({**self._purposes(), **dict.fromkeys(_ids(narrowed), _FURTHER)})
        judged = (*evidence.judged, *narrowed.further)
        return replace(evidence, record=record, judged=judged, choices=narrowed.choices)


def _ids(narrowed: Narrowed) -> list[str]:
    return [each.exchange.id for each in narrowed.further]


def _is_lost(judged: Judged) -> bool:
    """Whether it may be for the target's end, or the token's, that a request was not answered, or turned away."""
    response = judged.exchange.response
    return response is None or (judged.seen.has_the_token and response.status in REFUSED)
