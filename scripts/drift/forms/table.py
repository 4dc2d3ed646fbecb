"""A report as a table for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.drift.forms.phrases import UNSOUND_BASE, compared, cut_off, used_by
from spec.output import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.drift.report import Report


def table(report: Report) -> str:
    """The report as a table, with the verdict last."""
    lines = [*_sound(report), *_style(report), *_fresh(report), *_blessed(report), *_version(report)]
    return "\n".join([*lines, "", f"{report.verdict} ({report.seconds:.1f} s)"])


def _sound(report: Report) -> Iterator[str]:
    if report.errors:
        yield "unsound"
        yield from (f"  {line}" for error in report.errors for line in str(error).splitlines())
    elif not report.failures:
        yield f"sound    {report.spec} is valid, and its samples, examples and defaults fit"
    for failure in report.failures:
        yield "not judged"
        yield from (f"  {line}" for line in failure.splitlines())


def _style(report: Report) -> Iterator[str]:
    if report.style:
        yield "style    not unsound, but against the rules of redocly.yaml:"
        yield from cut_off([f"  {line}" for line in str(report.style).splitlines()])


def _fresh(report: Report) -> Iterator[str]:
    if report.stale:
        yield f"stale    {report.output}/ is not what the spec generates; to update it, run `nox -s generate`"
        yield from cut_off([f"  {entry.kind:8} {report.output / entry.path}{entry.note}" for entry in report.stale])
    elif not report.errors and not report.failures:
        yield f"fresh    {report.output}/ is what the spec generates"


def _blessed(report: Report) -> Iterator[str]:
    if report.base is None:
        return
    yield f"blessed  {compared(report)}"
    if report.unsound_base:
        yield f"  warning    {UNSOUND_BASE}:"
        yield from cut_off([f"    {line}" for line in str(report.unsound_base).splitlines()], "    ")
    for explained in report.changes:
        change = explained.change
        where = f"{report.spec}:{change.place.line}:{change.place.column}  {one_line(change.pointer)}"
        yield f"  {change.impact:10} {where}"
        yield f"             {one_line(change.message)}"
        if change.impact != "editorial":
            yield f"             used by  {one_line(used_by(explained))}"
            yield f"             to do    {report.advice(change.impact)}"


def _version(report: Report) -> Iterator[str]:
    if report.bump and not report.bump.problems:
        yield f"version  {report.bump.written}, as the changes demand"
    yield from (f"version  {one_line(problem)}" for problem in report.version_problems)
