"""A run of the suite: preflight, our own requests, Schemathesis, narrowing, result."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Final

from contract_tests.engine.engine import engine
from contract_tests.engine.job import FOLDER
from contract_tests.exchange.exchange import Record
from contract_tests.guard.errand import make_errand
from contract_tests.guard.guard import GuardError, guarding
from contract_tests.judge.references import excuse_unknown_references
from contract_tests.judge.witness import hear_witness
from contract_tests.plan.schedule import PREFLIGHT_PURPOSE, UNPLANNED, make_schedule
from contract_tests.report.files import prepare_folder, write_result
from contract_tests.result.masked import mask_texts
from contract_tests.result.words import counted
from contract_tests.run.conclusion import conclude
from contract_tests.run.dispatch import Dispatch
from contract_tests.run.evidence import Evidence
from contract_tests.run.interrupted import RunInterrupted
from contract_tests.run.judging import RunJudging
from contract_tests.run.masks import mask_of
from contract_tests.run.narrowing import narrow_failures
from contract_tests.run.order import Order
from contract_tests.run.pace import ENGINE, INVALID, NARROWING, SPARE, VALID, Pace
from contract_tests.run.past import keep_history, read_past, tell_past
from contract_tests.run.preflight import find_obstacle
from contract_tests.run.sending import Sender
from contract_tests.run.troubles import explain_engine, is_lost
from contract_tests.runtime.interrupts import ignoring_ctrl_c, noticing_dropped_ctrl_c
from contract_tests.target.costs import read_costed_contract
from contract_tests.target.options import own_options
from contract_tests.target.own_values import OwnValues
from contract_tests.target.shard import held_operations

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable

    from contract_tests.contract.contract import Contract
    from contract_tests.engine.engine import Engine, EngineRun
    from contract_tests.exchange.exchange import Exchange, Request
    from contract_tests.exchange.testimony import Testimony
    from contract_tests.guard.guard import Guard
    from contract_tests.judge.judge import Judged
    from contract_tests.plan.schedule import Schedule
    from contract_tests.report.progress import Status
    from contract_tests.result.result import Result
    from contract_tests.run.order import Place
    from contract_tests.target.limits import Limits
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target

_PAUSE: Final = 0.05
"""How long the engine is waited for, in seconds, until what came meanwhile is judged."""
_INTERRUPTED: Final = "The run was interrupted before it had tried everything."
_WITHOUT_ID: Final = "a probe by Schemathesis"  # all other requests have an id
_FURTHER: Final = "a further request, to narrow a failure"


def run(
    target: Target,
    options: Options,
    on_progress: Callable[[Status], None] = lambda _: None,
    schedule: Schedule | None = None,
) -> Result:
    """Tests the target and says what was found. `on_progress` hears how far it is.

    `schedule` has the requests to send, if they are made by now.

    The reports are in `options.report_dir` afterwards, `result.json` among them.

    Raises:
        RunInterrupted: Ctrl-C came. The reports say what was found until then.
        SpecError: the spec cannot be read.
        TargetError: the token cannot be sent.
        FileError: what is left of an earlier run cannot be read.
        OSError: the reports cannot be written.
    """
    started = time.monotonic()
    contract = read_costed_contract(options)
    mask, past = mask_of(target, contract), read_past(options)
    with ExitStack() as stack:
        schemathesis = stack.enter_context(engine())
        is_stopped = stack.enter_context(noticing_dropped_ctrl_c())
        try:
            own = own_options(options, contract)
            pace = Pace(on_progress, own.max_calls, started + options.time_limit)
            guard = stack.enter_context(guarding(target, make_errand(target, own, contract), pace.hear))
            prepare_folder(options.report_dir, (FOLDER,))
            evidence = _Run(contract, target, own, guard, schemathesis, pace, started, is_stopped, schedule).make()
        except GuardError as error:
            prepare_folder(options.report_dir, (FOLDER,))
            evidence = Evidence(obstacle=str(error))
        with ignoring_ctrl_c():  # all is over but the writing
            result = conclude(contract, evidence, target, options, time.monotonic() - started, accepted=past.accepted)
            result = tell_past(mask_texts(result, mask.hide_text), past, options)
            write_result(options.report_dir, result)
            keep_history(result, options)
            stack.close()
    if evidence.obstacle == _INTERRUPTED:
        raise RunInterrupted(result)
    return result


def schedule_of(contract: Contract, own: Options, limits: Limits) -> Schedule:
    """The requests that a run sends to a target with these limits. `own` has the run's own part of the calls."""
    return make_schedule(
        contract,
        all_known_names=own.all_known_names,
        seed=own.seed,
        max_calls=own.max_calls,
        limits=limits,
        thorough=own.thorough,
        shard=own.shard,
    )


@dataclass
class _Run:
    """A run under way: the target behind its guard, and the engine."""

    contract: Contract
    target: Target
    options: Options
    guard: Guard
    engine: Engine
    pace: Pace
    started: float
    is_stopped: threading.Event
    """Set once Ctrl-C came, even where nothing raised it."""
    made_before: Schedule | None
    """The requests to send, if they were made before the run."""
    engine_run: EngineRun | None = field(default=None, init=False)
    is_out_of_time: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._judging = RunJudging(self.contract)
        self._dispatch: Dispatch | None = None
        operations = held_operations(self.contract, self.options.shard)
        self._plan(replace(UNPLANNED, operations=operations))

    def make(self) -> Evidence:
        """The evidence, whatever comes in between."""
        try:
            evidence = self._test()
            self._raise_if_stopped()
        except KeyboardInterrupt:
            self.is_stopped.set()
            record = self._record_in_haste()
            with ignoring_ctrl_c():  # what was found until now is not lost to another one
                return self._evidence(record, _INTERRUPTED)
        return evidence

    def _raise_if_stopped(self) -> None:
        if self.is_stopped.is_set():
            raise KeyboardInterrupt

    def _test(self) -> Evidence:
        try:
            if obstacle := self._find_obstacle():
                return self._evidence(self.guard.record(), obstacle)
            if self.schedule.operations:
                self._begin_engine()
                self._plan(self.made_before or schedule_of(self.contract, self.options, self.target.limits))
                self._send_everything()
            return self._conclude()
        except GuardError as error:
            return self._evidence(self.guard.told(), str(error))

    @property
    def _deadline(self) -> float:
        return self.started + self.options.time_limit

    def _find_obstacle(self) -> str | None:
        has_calls, timeout = self.options.max_calls != 0, self.options.connect_timeout
        return find_obstacle(self.contract, self.guard.door, self.target.url, timeout, has_calls=has_calls)

    def _begin_engine(self) -> None:
        """Has the engine make its requests, which takes about as long as it takes to make and send ours."""
        limits = self.target.limits
        own_values = OwnValues(self.options.spec.resolve(), limits) if limits.data or limits.references else None
        door, has_links = self.guard.door, any(link.is_stated for link in self.contract.links)
        labels = tuple(each.label for each in self.schedule.operations) if self.options.shard else ()
        costly = [each.label for each in self.contract.operations if each.costs]
        self.engine.begin(
            door.url,
            door.placeholder,
            self.options,
            own_values,
            door.credentials,
            has_links=has_links,
            only=labels,
            costly=costly,
        )

    def _plan(self, schedule: Schedule) -> None:
        """Takes on the requests to send."""
        self.schedule = schedule
        self.purposes = {"": _WITHOUT_ID, **{planned.id: planned.purpose for planned in schedule.requests}}
        self._places = {planned.id: place for place, planned in enumerate(schedule.requests)}
        self._order = Order(self.contract, schedule)

    def _send_everything(self) -> None:
        """Sends our own requests and has the engine send its own, once the valid ones are sent.

        Where calls are limited, the engine waits for the invalid ones too: else it would be chance whose requests the
        limit leaves out. The spare ones come last: the calls for them were kept for invalid requests that are accepted.
        """
        dispatch = self._dispatch = self._make_dispatch()
        self.pace.begin(VALID, len(self.schedule.valid))
        dispatch.send_valid()
        has_limit = self.options.max_calls is not None
        if not has_limit:
            self.engine.let_send()
        self.pace.begin(INVALID, len(self.schedule.invalid))
        dispatch.send_invalid()
        if has_limit:
            self.engine.let_send()
        self.pace.begin(ENGINE)
        ours = {*self.purposes}
        self._end_engine(self._judge_while_engine_runs())
        dispatch.learn(each for each in self.guard.told().sent if each.id not in ours)
        self.pace.begin(SPARE, len(self.schedule.spare))
        dispatch.send_spare()

    def _make_dispatch(self) -> Dispatch:
        return Dispatch(
            self.guard,
            self.contract,
            self.schedule,
            self.options,
            self._deadline,
            self._order,
            self.purposes,
            self.is_stopped,
        )

    def _sender(self) -> Sender:
        return Sender(self.guard.door, self.options.max_wait, self._deadline)

    def _judge_while_engine_runs(self) -> int | None:
        """The exit code of the engine; None if the time is up."""
        while time.monotonic() < self._deadline:
            self._raise_if_stopped()
            self._judge(is_over=False)
            if (exit_code := self.engine.wait(min(self._deadline, time.monotonic() + _PAUSE))) is not None:
                return exit_code
        return None

    def _end_engine(self, exit_code: int | None) -> None:
        if exit_code is None:
            self.is_out_of_time = True
            self.guard.stop()
        self.engine_run = self.engine.end(exit_code, self.options.report_dir)
        for exchange_id, purpose in self.engine_run.report.purposes.items():
            self.purposes.setdefault(exchange_id, purpose)

    def _record_in_haste(self) -> Record:
        """The record after Ctrl-C: whole, unless a second one comes."""
        try:
            self._end_engine(None)
            return self.guard.record()
        except (GuardError, KeyboardInterrupt):
            return self.guard.told()

    def _judge(self, *, is_over: bool) -> None:
        told = self.guard.told().exchanges
        self._judging.judge(told, self._order, waits=not is_over and self.options.workers > 1)

    def _evidence(self, record: Record, obstacle: str | None = None) -> Evidence:
        """The evidence of a record: our judge's failures, and those that the engine alone finds."""
        self._order.hear(self.engine_run.report.phases if self.engine_run else {}, record.exchanges)
        self._judge(is_over=True)
        judged = excuse_unknown_references(self._judging.judged, self.target.limits.references)
        judged = sorted(hear_witness(judged, self._testimony()), key=lambda each: self._place(each.exchange))
        in_order = Record(tuple(sorted(record.exchanges, key=self._place)))
        preflights = {exchange.id: PREFLIGHT_PURPOSE for exchange in record.exchanges if exchange.is_preflight}
        return Evidence(
            in_order,
            tuple(judged),
            obstacle,
            self.purposes | preflights,
            phases=self.engine_run.report.phases if self.engine_run else {},
            ended=self.engine_run.ended if self.engine_run else (),
            began=self.started,
            schedule=self.schedule,
            limits_of_engine=tuple(self.engine_run.report.limits) if self.engine_run else (),
            tallies=self._judging.tallies_of(judged),
        )

    def _testimony(self) -> Iterable[Testimony]:
        """The engine's testimony about what it saw: where the token was masked, that is not the response that came."""
        masked = {each.exchange.id for each in self._judging.judged if each.exchange.is_masked}
        testimony = self.engine_run.report.testimony if self.engine_run else ()
        return (each for each in testimony if each.exchange_id not in masked)

    def _place(self, exchange: Exchange) -> tuple[int, Place]:
        """The place of an exchange in reports: ours in their order, then the engine's, which came in between."""
        planned = -1 if exchange.is_preflight else self._places.get(exchange.id, len(self._places))
        return planned, self._order.place(exchange)

    def _conclude(self) -> Evidence:
        """The evidence of a run that was not interrupted."""
        record = self.guard.record()  # whatever went wrong, if the guard is gone, it comes from that
        evidence = self._evidence(record, self._what_went_wrong())
        if lost := self._find_loss(evidence):
            kept = tuple(each for each in evidence.judged if not is_lost(each))
            return replace(evidence, judged=kept, obstacle=lost, tallies=self._judging.tallies_of(kept))
        return evidence if self.is_out_of_time else self._narrow(evidence)

    def _find_loss(self, evidence: Evidence) -> str | None:
        """The reason why the target was lost on the way: its silence is then its end, not a way of answering."""
        may_be_lost = any(is_lost(each) for each in evidence.judged)
        is_over = self.options.max_calls is not None and evidence.record.calls >= self.options.max_calls
        has_errors = bool(self.engine_run and self.engine_run.report.errors)
        if is_over or not (may_be_lost or has_errors):
            return None
        obstacle, requests = self._find_obstacle(), counted(len(evidence.judged), "request")
        return obstacle and f"The target was lost on the way, after {requests}. {obstacle}"

    def _what_went_wrong(self) -> str | None:
        """The reason why not everything was tried, while the target is there."""
        if self.is_out_of_time:
            return f"The run was stopped: it was not done after {self.options.time_limit:g} s (--time-limit)."
        return explain_engine(self.engine_run) if self.engine_run else None

    def _narrow(self, evidence: Evidence) -> Evidence:
        """The evidence with what further requests tell of planned requests that failed."""
        self.pace.begin(NARROWING)
        with self._sender() as sender:
            numbers = count(1)

            def attempt(request: Request) -> Judged | None:
                return self._send_further(sender, request, f"further-{next(numbers)}")

            narrowed = narrow_failures(self.contract, self.schedule, evidence.judged, attempt, self.target.limits)
        if not self._judging.further:
            return evidence
        self._judging.judge_further(self._dispatch.delete_what_is_left() if self._dispatch else ())
        everything = (*evidence.judged, *self._judging.further)
        judged = tuple(excuse_unknown_references(everything, self.target.limits.references))
        purposes = {**evidence.purposes, **self.purposes}
        record = self.guard.record()
        tallies = self._judging.tallies_of(judged)
        return replace(
            evidence, record=record, judged=judged, purposes=purposes, choices=narrowed.choices, tallies=tallies
        )

    def _send_further(self, sender: Sender, request: Request, exchange_id: str) -> Judged | None:
        """Sends a further request; None where it is not sent, or the run is to end."""
        if self.is_stopped.is_set() or time.monotonic() > self._deadline:
            return None
        made = self._dispatch.create_anew(sender, request) if self._dispatch else []
        if made is None:
            return None
        self._judging.judge_further(made)
        prepared = self._dispatch.prepare(request) if self._dispatch else request
        answer = sender.send(prepared, exchange_id) if prepared else None
        self.purposes[exchange_id] = _FURTHER
        exchange = self.guard.find(exchange_id) if answer else None
        judged = None if exchange is None or exchange.refusal else self._judging.judge_further([exchange])
        return judged[-1] if judged else None
