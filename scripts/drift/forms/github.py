"""A report as GitHub Actions commands, which annotate the lines concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scripts.drift.forms.phrases import cut_off, used_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scripts.drift.report import Explained, Report

_LEVELS: Final = {"breaking": "error", "compatible": "notice"}


def commands(report: Report) -> str:
    """The report as commands, one a line."""
    return "\n".join(_annotations(report))


def _annotations(report: Report) -> Iterator[str]:
    for error in report.errors:
        for problem in error.problems:
            where = f"file={_value(str(error.path))},line={problem.place.line},col={problem.place.column}"
            yield f"::error {where},title=unsound::{_data(problem.message)}"
    yield from (f"::error title=not judged::{_data(failure)}" for failure in report.failures)
    for explained in report.changes:
        yield from _annotation(report, explained)
    place = (
        report.bump and f"file={_value(str(report.spec))},line={report.bump.place.line},col={report.bump.place.column}"
    )
    yield from (f"::error {place},title=version::{_data(problem)}" for problem in report.version_problems)
    if report.stale:
        files = [f"{entry.kind} {report.output / entry.path}{entry.note}" for entry in report.stale]
        text = "\n".join([*cut_off(files, ""), "To update it, run `nox -s generate` and commit generated/."])
        yield f"::error title=stale::{_data(text)}"


def _annotation(report: Report, explained: Explained) -> Iterable[str]:
    change = explained.change
    if change.impact == "editorial":
        return
    level = _LEVELS[change.impact] if report.version_problems else "notice"
    where = f"file={_value(str(report.spec))},line={change.place.line},col={change.place.column}"
    text = f"{change.message}\nused by {used_by(explained)}\nto do: {report.advice(change.impact)}"
    yield f"::{level} {where},title={change.impact}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
