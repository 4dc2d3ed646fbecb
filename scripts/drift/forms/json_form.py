"""A report as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scripts.drift.differences import Change
    from scripts.drift.report import Explained, Report
    from spec.operations import Operation, Use
    from spec.reader import SpecError


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON."""
    return {
        "verdict": report.verdict,
        "exit_code": report.exit_code,
        "sound": {"problems": [found for error in report.errors for found in _problems(error)]},
        "style": {"problems": _problems(report.style) if report.style else []},
        "failures": list(report.failures),
        "fresh": {
            "folder": str(report.output),
            "differences": [
                {"kind": entry.kind, "path": entry.path, "in_git_index": entry.is_staged} for entry in report.stale
            ],
        },
        "blessed": {
            "base": report.base,
            "has_base": report.has_base,
            "problems": _problems(report.unsound_base) if report.unsound_base else [],
            "changes": [_change(report, one) for one in report.changes],
        },
        "version": _version(report),
        "seconds": round(report.seconds, 1),
    }


def _change(report: Report, explained: Explained) -> dict[str, Any]:
    change = explained.change
    return {
        "impact": change.impact,
        "message": change.message,
        "file": str(report.spec),
        "line": change.place.line,
        "column": change.place.column,
        "pointer": change.pointer,
        "operations": [
            {
                "operation": operation.label,
                "operation_id": operation.operation_id,
                "directions": sorted({use.direction for use in _uses(change, operation)}),
                "parts": [use.part for use in _uses(change, operation) if use.part],
            }
            for operation in change.operations
        ],
        "code": list(explained.names),
        "to_do": report.advice(change.impact),
    }


def _uses(change: Change, operation: Operation) -> list[Use]:
    return [use for use in change.uses if use.operation.label == operation.label]


def _version(report: Report) -> dict[str, Any] | None:
    bump = report.bump
    if bump is None:
        return None
    return {
        "before": bump.before,
        "written": bump.written,
        "required": bump.required,
        "problems": list(bump.problems),
    }


def _problems(error: SpecError) -> list[dict[str, Any]]:
    lines = error.text.splitlines()
    return [
        {
            "file": str(error.path),
            "line": problem.place.line,
            "column": problem.place.column,
            "message": problem.message,
            "text": lines[problem.place.line - 1].strip() if problem.place.line <= len(lines) else "",
        }
        for problem in error.problems
    ]
