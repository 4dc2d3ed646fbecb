"""A run of the suite: preflight, engine, findings, result."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import httpx

from contract_tests.contract import read_contract
from contract_tests.engine import REPORTS, EngineRun, run_engine
from contract_tests.exchanges import Record
from contract_tests.finding_file import FOLDER, replay_command, write_findings
from contract_tests.findings import find_findings
from contract_tests.judgement import NO_ANSWER
from contract_tests.narrowing import make_sender, narrow_failures
from contract_tests.preflight import find_obstacle
from contract_tests.result import Result
from contract_tests.rules import STANDINGS
from contract_tests.schedule import make_schedule
from contract_tests.tallies import tally_checks, tally_facts
from contract_tests.target import EMBEDDED_MOCK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from contract_tests.contract import Contract
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
_REQUEST_TIMEOUT: Final = 10.0
_SHOWN_ERRORS: Final = 3
_SHOWN_ERROR: Final = 300


@dataclass(frozen=True)
class Preparation:
    """What a run needs beside a target: the contract, and what to send."""

    contract: Contract
    schedule: Schedule


def prepare(options: Options, token: str) -> Preparation:
    """What a run with these options needs. It may be used for many.

    Raises:
        SpecError: the spec cannot be read.
    """
    contract = read_contract(options.spec)
    return Preparation(contract, make_schedule(contract, options, token))


def run(
    target: Target,
    options: Options,
    on_progress: Callable[[int], None] = lambda _: None,
    preparation: Preparation | None = None,
) -> Result:
    """Tests the target and says what was found. `on_progress` hears the number of responses so far.

    The reports are in `options.report_dir` afterwards, `result.json` among them.

    Raises:
        SpecError: the spec cannot be read.
        OSError: the reports cannot be written.
    """
    started = time.monotonic()
    preparation = preparation or prepare(options, target.token)
    prepare_report_dir(options.report_dir)
    obstacle = find_obstacle(preparation.contract, target, options.connect_timeout)
    record = Record()
    if obstacle is None:
        record, obstacle = _try_out(preparation, target, options, on_progress)
    result = conclude(preparation, record, obstacle, target, options, time.monotonic() - started)
    write_findings(options.report_dir, result)
    write_whole(options.report_dir / RESULT, result.model_dump_json(indent=2) + "\n")
    return result


def _try_out(
    preparation: Preparation, target: Target, options: Options, on_progress: Callable[[int], None]
) -> tuple[Record, str | None]:
    """What was sent and came back, and what kept it from being all."""
    engine_run = _run_engine(target, options, preparation.schedule, on_progress)
    record = engine_run.record
    if lost := _find_loss(preparation.contract, record, target, options):
        return _without_unanswered(record), lost
    obstacle = _what_went_wrong(engine_run, record, options)
    if not options.fail_fast and not engine_run.timed_out:
        record = _narrow(preparation, record, target, options)
    return record, obstacle


def prepare_report_dir(folder: Path) -> None:
    """Makes the folder and removes the reports of an earlier run, which must not pass for those of this one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (RESULT, LOG, FOLDER, *REPORTS.values()):
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that it is either the old one or the new one, whatever happens."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text)
    beside.replace(path)


def _run_engine(target: Target, options: Options, schedule: Schedule, on_progress: Callable[[int], None]) -> EngineRun:
    engine_run = run_engine(target, options, schedule, on_progress)
    write_whole(options.report_dir / LOG, engine_run.log)
    return engine_run


def _find_loss(contract: Contract, record: Record, target: Target, options: Options) -> str | None:
    """Whether the target was lost on the way: what it did not answer is then its end, and not a way of answering."""
    unanswered = sum(exchange.response is None for exchange in record.exchanges)
    if not (unanswered or record.errors):
        return None
    obstacle = find_obstacle(contract, target, options.connect_timeout)
    return obstacle and f"The target was lost on the way, after {len(record.exchanges)} requests. {obstacle}"


def _narrow(preparation: Preparation, record: Record, target: Target, options: Options) -> Record:
    """The record with what was found out further of planned requests that failed."""
    contract, schedule = preparation.contract, preparation.schedule
    with httpx.Client(trust_env=False, timeout=_REQUEST_TIMEOUT) as client:
        send = make_sender(target, client)
        further = narrow_failures(contract, schedule, record.exchanges, send, options.max_calls)
        return replace(record, exchanges=(*record.exchanges, *further))


def _without_unanswered(record: Record) -> Record:
    return replace(record, exchanges=tuple(exchange for exchange in record.exchanges if exchange.response))


def _what_went_wrong(engine_run: EngineRun, record: Record, options: Options) -> str | None:
    """What kept the engine from trying everything, while the target is there."""
    if options.fail_fast and engine_run.exit_code == _ENGINE_INTERRUPTED:
        return None
    if engine_run.timed_out:
        return f"The run was stopped: it was not done after {options.time_limit:g} s (--time-limit)."
    if engine_run.exit_code not in _ENGINE_EXITS or not record.exchanges:
        tail = "\n".join(engine_run.log.strip().splitlines()[-15:])
        return f"The engine did not do its work (exit {engine_run.exit_code}). It said:\n{tail}"
    if record.errors:
        said = "\n".join(error[:_SHOWN_ERROR] for error in record.errors[:_SHOWN_ERRORS])
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
    token_env = None if target.name == EMBEDDED_MOCK else options.token_env
    findings = find_findings(contract, record, lambda number: replay_command(options.report_dir, number, token_env))
    facts, additions = tally_facts(contract, record)
    untried = tuple(str(choice) for plan in preparation.schedule.plans.values() for choice in plan.untried)
    is_violated = bool(findings or (options.strict and additions))
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
        calls=sum(exchange.is_accepted for exchange in record.exchanges),
        checks=tally_checks(CHECKS, record),
        facts=facts,
        findings=findings,
        additions=additions,
        untried=untried,
        reports={name: str(options.report_dir / file) for name, file in REPORTS.items()},
    )
