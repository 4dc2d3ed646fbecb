"""Phrases that several forms of a report share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scripts.drift.differences import IMPACTS

if TYPE_CHECKING:
    from scripts.drift.differences import Change
    from scripts.drift.report import Explained, Report
    from spec.operations import Operation

UNSOUND_BASE: Final = "the base would be refused today, which is no problem of this change"
_SHOWN: Final = 8


def compared(report: Report) -> str:
    """The base, and the number of changes of each impact."""
    if report.base is None:
        return "not compared"
    if not report.has_base:
        return f"nothing yet: {report.base} has no such spec"
    counts = [f"{report.count(impact)} {impact}" for impact in IMPACTS]
    return f"against {report.base}: {', '.join(counts)}" if report.changes else f"against {report.base}: no change"


def used_by(explained: Explained) -> str:
    """The operations that use the changed part, and its names in the code."""
    change = explained.change
    users = [_user(operation, change) for operation in change.operations]
    if not users:
        return "no operation" + (f"; in code {_code(explained.names)}" if explained.names else "")
    return "; ".join(cut_off(users, "")) + (f": {_code(explained.names)}" if explained.names else "")


def _user(operation: Operation, change: Change) -> str:
    mine = [use for use in change.uses if use.operation.label == operation.label]
    ways = sorted({use.part or use.direction for use in mine})
    return f"{operation.label} ({', '.join(ways)})" if ways else operation.label


def _code(names: tuple[str, ...]) -> str:
    """The names in the generated code. A name that all packages have is given without a package."""
    packages = {name.partition(".")[0] for name in names}
    short: dict[str, set[str]] = {}
    for name in names:
        short.setdefault(name.partition(".")[2], set()).add(name.partition(".")[0])
    told = [
        name if len(packages) > 1 and holders == packages else f"{package}.{name}"
        for name, holders in short.items()
        for package in ([""] if len(packages) > 1 and holders == packages else sorted(holders))
    ]
    return ", ".join(cut_off(told, ""))


def cut_off(lines: list[str], indent: str = "  ") -> list[str]:
    """The first lines, and the number of the others."""
    rest = len(lines) - _SHOWN
    return [*lines[:_SHOWN], f"{indent}and {rest} more"] if rest > 0 else lines
