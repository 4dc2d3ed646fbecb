"""Schemathesis's machine-readable report, one event a line, read after its run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypeVar

from msgspec import Struct, field

from contract_tests.engine.job import FOLDER, REPORT
from contract_tests.exchange.testimony import Testimony

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_T = TypeVar("_T")
_OWN_LIMITS: Final = {
    "InfiniteRecursiveReference",
    "InvalidHeadersExample",
    "InvalidRegexPattern",
    "InvalidRegexType",
    "InvalidSchema",
    "InvalidStateMachine",
    "InvalidTransition",
    "RefResolutionError",
    "RejectedSchemaDefinition",
    "SerializationNotPossible",
    "UnboundPrefix",
    "UnresolvableReference",
    "Unsatisfiable",
    "UnsupportedRegexPattern",
    "UnsupportedSchema",
    "UnsupportedType",
}
"""The errors of Schemathesis that are about its reading of the spec, which we have read without an error."""


class EngineLimit(Struct, frozen=True):
    """Requests that Schemathesis did not make."""

    operation: str | None
    """The operation, as `POST /path`; None if the limit is of none."""
    requests: str
    """The requests, in words."""
    reason: str


class EngineReport(Struct):
    """Schemathesis's own account of its run."""

    testimony: list[Testimony] = field(default_factory=list)
    """The statements of its checks."""
    purposes: dict[str, str] = field(default_factory=dict)
    """The purpose of each of its requests, by the exchange's id."""
    phases: dict[str, str] = field(default_factory=dict)
    """The phase of each of its requests that has a purpose, such as `coverage`, by the exchange's id."""
    errors: list[str] = field(default_factory=list)
    """The errors that it stumbled over, each once."""
    limits: list[EngineLimit] = field(default_factory=list)
    """The requests that it did not make, because it cannot read the spec there, or make any."""


def find_reports(report_dir: Path) -> dict[str, str]:
    """The path of Schemathesis's own report, by its format, if it wrote one."""
    path = report_dir / FOLDER / REPORT
    return {"ndjson": str(path)} if path.exists() else {}


def read_report(path: Path) -> EngineReport:
    """Reads a report; of one that breaks off, the whole lines. Without a file, it is empty."""
    report = EngineReport()
    for kind, event in _events(path):
        if kind == "ScenarioFinished":
            _read_scenario(report, event["recorder"])
        elif kind == "NonFatalError" and _error_type(event) in _OWN_LIMITS:
            _add(report.limits, _read_limit(event))
        elif kind in {"NonFatalError", "FatalError"}:
            _add(report.errors, _error_text(event))
    return report


def _read_limit(event: Mapping[str, Any]) -> EngineLimit:
    reason = f"it cannot read the spec there: {_first_line(_error_text(event))}"
    return EngineLimit(event.get("label"), f"{event.get('phase')} by Schemathesis", reason)


def _add(known: list[_T], new: _T) -> None:
    if new not in known:
        known.append(new)


def _error_type(event: Mapping[str, Any]) -> str:
    value = event.get("value")
    return str(value.get("type")) if isinstance(value, dict) else ""


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "")


def _events(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                return  # it was being written when the process ended
            yield from event.items()


def _read_scenario(report: EngineReport, recorder: Mapping[str, Any]) -> None:
    for exchange_id, case in recorder.get("cases", {}).items():
        phase = (case["value"].get("meta") or {}).get("phase") or {}
        report.purposes[exchange_id] = _purpose(phase)
        if _description(phase):
            report.phases[exchange_id] = phase["name"]
    for exchange_id, results in recorder.get("checks", {}).items():
        failures = (
            result["failure_info"]["failure"] | {"check": result["name"]}
            for result in results
            if result.get("failure_info")
        )
        report.testimony += (
            Testimony(exchange_id, failure["check"], failure["title"], (failure["message"] or "").strip())
            for failure in failures
        )


def _purpose(phase: Mapping[str, Any]) -> str:
    """Describes a request in Schemathesis's words. Those that its checks send by themselves have no description."""
    description = _description(phase)
    return f"Schemathesis, {phase['name']}: {description}" if description else "a probe by a check of Schemathesis"


def _description(phase: Mapping[str, Any]) -> str | None:
    return (phase.get("data") or {}).get("description")


def _error_text(event: Mapping[str, Any]) -> str:
    """The text of an error event."""
    error = event.get("value") or event.get("exception") or event
    return str(error.get("message") or error) if isinstance(error, dict) else str(error)
