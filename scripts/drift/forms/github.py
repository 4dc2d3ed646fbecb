"""A report as GitHub Actions commands, which annotate the lines concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scripts.drift.forms.phrases import UNSOUND_BASE, cut_off, used_by
from spec.output import github_command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scripts.drift.report import Explained, Report
    from spec.reader import Place

_LEVELS: Final = {"breaking": "error", "compatible": "notice"}


def commands(report: Report) -> str:
    """The report as commands, one a line."""
    return "\n".join(_annotations(report))


def _annotations(report: Report) -> Iterator[str]:
    for error in report.errors:
        for problem in error.problems:
            yield github_command("error", _where(error.path, problem.place, "unsound"), problem.message)
    yield from (github_command("error", {"title": "not judged"}, failure) for failure in report.failures)
    if report.unsound_base:
        yield github_command("warning", {"title": "blessed"}, f"{UNSOUND_BASE}:\n{report.unsound_base}")
    for explained in report.changes:
        yield from _annotation(report, explained)
    if report.bump:
        where = _where(report.spec, report.bump.place, "version")
        yield from (github_command("error", where, problem) for problem in report.bump.problems)
    if report.stale:
        files = [f"{entry.kind} {report.output / entry.path}{entry.note}" for entry in report.stale]
        text = "\n".join([*cut_off(files, ""), "To update it, run `nox -s generate` and commit generated/."])
        yield github_command("error", {"title": "stale"}, text)


def _annotation(report: Report, explained: Explained) -> Iterable[str]:
    change = explained.change
    if change.impact == "editorial":
        return
    level = _LEVELS[change.impact] if report.version_problems else "notice"
    text = f"{change.message}\nused by {used_by(explained)}\nto do: {report.advice(change.impact)}"
    yield github_command(level, _where(report.spec, change.place, change.impact), text)


def _where(path: Path, place: Place, title: str) -> dict[str, object]:
    return {"file": path, "line": place.line, "col": place.column, "title": title}
