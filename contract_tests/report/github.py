"""A result as GitHub Actions commands, which annotate the lines of the spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.report.locations import split_location
from contract_tests.report.over_time import describe_baseline, is_new
from contract_tests.report.terminal import describe_leniency
from spec.output import github_command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.result.result import Finding, Result


def make_annotations(result: Result) -> str:
    """The result as commands, one a line, the gravest finding first."""
    return "\n".join(_annotations(result))


def _annotations(result: Result) -> Iterator[str]:
    if result.verdict == "untestable":
        yield github_command("error", {"title": "untestable"}, result.reason or "nothing is claimed")
    yield from (_annotation(result, finding) for finding in result.findings)
    for text in describe_baseline(result.baseline) if result.baseline else ():
        yield github_command("error", {"title": "baseline"}, text)


def _annotation(result: Result, finding: Finding) -> str:
    path, line = split_location(finding.location)
    new = ", new" if is_new(result, finding) else ""
    where = {"file": path, "line": line, "title": f"finding {finding.number} ({finding.standing}{new})"}
    leniency = describe_leniency(finding)
    due_to = [f"due to {choice.words}" for choice in finding.due_to]
    lines = [f"{leniency and f'{leniency}: '}{finding.headline}", *due_to, f"To see it again: {finding.reproduce}"]
    return github_command(_level(finding), where, "\n".join(lines))


def _level(finding: Finding) -> str:
    if finding.violates:
        return "error"
    return "notice" if finding.accepted else "warning"
