"""A report as a summary in Markdown, for the page of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scripts.drift.forms.phrases import UNSOUND_BASE, compared, used_by
from spec.output import markdown, markdown_block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.drift.report import Explained, Report

_MARKS: Final = {"breaking": "💥", "compatible": "✅", "editorial": "✏️"}


def summary(report: Report) -> str:
    """The report as Markdown."""
    lines = [f"## Contract drift: {report.verdict}", ""]
    lines += [f"- {text}" for text in _headlines(report)]
    if report.changes:
        lines += ["", "| change | where | what | used by | to do |", "|---|---|---|---|---|"]
        lines += [_row(report, explained) for explained in report.changes]
    details = "\n\n".join([*map(str, report.errors), *report.failures])
    return "\n".join([*lines, *(["", markdown_block(details)] if details else [])])


def _headlines(report: Report) -> Iterator[str]:
    """Yields a line for each of the gate's four questions."""
    found = sum(len(error.problems) for error in report.errors)
    yield f"**sound**: {_counted(found, 'problem')} in the spec and its samples"
    yield (
        f"**fresh**: {_counted(len(report.stale), 'stale file')}"
        if report.stale
        else "**fresh**: generated/ is what the spec generates"
    )
    yield f"**blessed**: {markdown(compared(report))}"
    if report.unsound_base:
        yield f"**warning**: {UNSOUND_BASE}: {_counted(len(report.unsound_base.problems), 'problem')}"
    if report.style:
        yield f"**style**: {_counted(len(report.style.problems), 'finding')}, which change nothing here"
    yield from (f"**version**: {markdown(problem)}" for problem in report.version_problems)


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _row(report: Report, explained: Explained) -> str:
    change = explained.change
    cells = (
        f"{_MARKS[change.impact]} {change.impact}",
        f"{markdown(f'{report.spec}:{change.place.line}')} {markdown(change.pointer)}",
        *map(markdown, (change.message, used_by(explained), report.advice(change.impact))),
    )
    return f"| {' | '.join(cells)} |"
