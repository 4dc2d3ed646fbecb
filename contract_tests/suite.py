"""A run of the suite: preflight, engine, findings, result."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from contract_tests.contract import read_contract
from contract_tests.engine import REPORTS, EngineRun, run_engine
from contract_tests.exchanges import Record, read_record
from contract_tests.findings import find_findings
from contract_tests.judgement import NO_ANSWER
from contract_tests.preflight import find_obstacle
from contract_tests.result import Result
from contract_tests.rules import STANDINGS
from contract_tests.tallies import tally_checks, tally_facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from contract_tests.contract import Contract
    from contract_tests.options import Options
    from contract_tests.target import Target

RESULT: Final = "result.json"
LOG: Final = "schemathesis.log"
CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "documented_request_accepted",
    "positive_data_acceptance",
    "negative_data_rejection",
    "missing_required_header",
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
"""The checks of a run: the engine's own that apply to an operation by itself, then ours.

The engine has three more, `use_after_free`, `ensure_resource_availability` and `object_level_authorization`, which need
several operations to say anything.
"""
_ENGINE_EXITS: Final = {0, 1}  # nothing found, something found
_SHOWN_ERRORS: Final = 3
_SHOWN_ERROR: Final = 300


def run(target: Target, options: Options, on_progress: Callable[[int], None] = lambda _: None) -> Result:
    """Tests the target and says what was found. `on_progress` hears the number of responses so far.

    The reports are in `options.report_dir` afterwards, `result.json` among them.

    Raises:
        SpecError: the spec cannot be read.
        OSError: the reports cannot be written.
    """
    started = time.monotonic()
    contract = read_contract(options.spec)
    prepare_report_dir(options.report_dir)
    record, obstacle, lost = Record(), find_obstacle(contract, target, options.connect_timeout), None
    if obstacle is None:
        engine_run = _run_engine(target, options, on_progress)
        record = read_record(engine_run.record, engine_run.descriptions)
        lost = _find_loss(contract, record, target, options)
        obstacle = lost or _what_went_wrong(engine_run, record, options)
    record = _without_unanswered(record) if lost else record
    result = _conclude(contract, record, obstacle, target, options, time.monotonic() - started)
    write_whole(options.report_dir / RESULT, result.model_dump_json(indent=2) + "\n")
    return result


def prepare_report_dir(folder: Path) -> None:
    """Makes the folder and removes the reports of an earlier run, which must not pass for those of this one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (RESULT, LOG, *REPORTS.values()):
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that it is either the old one or the new one, whatever happens."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text)
    beside.replace(path)


def _run_engine(target: Target, options: Options, on_progress: Callable[[int], None]) -> EngineRun:
    engine_run = run_engine(target, options, on_progress)
    write_whole(options.report_dir / LOG, engine_run.log)
    return engine_run


def _find_loss(contract: Contract, record: Record, target: Target, options: Options) -> str | None:
    """Whether the target was lost on the way: what it did not answer is then its end, and not a way of answering."""
    unanswered = sum(exchange.response is None for exchange in record.exchanges)
    if not (unanswered or record.errors):
        return None
    obstacle = find_obstacle(contract, target, options.connect_timeout)
    return obstacle and f"The target was lost on the way, after {len(record.exchanges)} requests. {obstacle}"


def _without_unanswered(record: Record) -> Record:
    return replace(record, exchanges=tuple(exchange for exchange in record.exchanges if exchange.response))


def _what_went_wrong(engine_run: EngineRun, record: Record, options: Options) -> str | None:
    """What kept the engine from trying everything, while the target is there."""
    if engine_run.timed_out:
        return f"The run was stopped: it was not done after {options.time_limit:g} s (--time-limit)."
    if engine_run.exit_code not in _ENGINE_EXITS or not record.exchanges:
        tail = "\n".join(engine_run.log.strip().splitlines()[-15:])
        return f"The engine did not do its work (exit {engine_run.exit_code}). It said:\n{tail}"
    if record.errors:
        said = "\n".join(error[:_SHOWN_ERROR] for error in record.errors[:_SHOWN_ERRORS])
        return f"The engine gave up before it had tried everything, over:\n{said}"
    return None


def _conclude(  # noqa: PLR0913, PLR0917 - all that a result is made of
    contract: Contract, record: Record, obstacle: str | None, target: Target, options: Options, seconds: float
) -> Result:
    findings = find_findings(contract, record, options, target.url)
    responses = [exchange.response for exchange in record.exchanges if exchange.response]
    return Result(
        verdict="violates" if findings else "untestable" if obstacle else "conforms",
        reason=obstacle,
        target=target.name,
        url=target.url,
        spec_version=contract.spec.document["info"]["version"],
        spec_sha256=contract.spec.sha256,
        seed=options.seed,
        seconds=round(seconds, 3),
        requests=len(record.exchanges),
        calls=sum(response.is_success for response in responses),
        checks=tally_checks(CHECKS, record),
        facts=tally_facts(contract, record),
        findings=findings,
        reports={name: str(options.report_dir / file) for name, file in REPORTS.items()},
    )
