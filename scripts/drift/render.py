"""A report as text: a table for the terminal, annotations for a pull request, and a summary in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scripts.drift.differences import Change
    from scripts.drift.report import Explained, Report
    from spec.operations import Operation

_SHOWN: Final = 8
"""The number of stale files, operations or names that are listed. The rest is counted."""
_LEVELS: Final = {"breaking": "error", "compatible": "notice"}
_MARKS: Final = {"breaking": "💥", "compatible": "✅", "editorial": "✏️"}


def table(report: Report) -> str:
    """The report as a table, with the verdict last."""
    lines = [*_sound(report), *_fresh(report), *_blessed(report), *_version(report)]
    return "\n".join([*lines, "", f"{report.verdict} ({report.seconds:.1f} s)"])


def commands(report: Report) -> str:
    """The report as GitHub Actions commands, which annotate the lines concerned."""
    return "\n".join(_annotations(report))


def summary(report: Report) -> str:
    """The report as Markdown."""
    lines = [f"## Contract drift: {report.verdict}", ""]
    lines += [f"- {_in_line(text)}" for text in _headlines(report)]
    if report.changes:
        lines += ["", "| change | where | what | used by | to do |", "|---|---|---|---|---|"]
        lines += [_row(report, explained) for explained in report.changes]
    details = "\n\n".join([*map(str, report.errors), *report.failures])
    return "\n".join([*lines, *(["", "```text", details.replace("```", "'''"), "```"] if details else []), ""])


def _headlines(report: Report) -> Iterator[str]:
    """Yields a line for each of the gate's four questions."""
    found = sum(len(error.problems) for error in report.errors)
    yield f"**sound**: {_counted(found, 'problem')} in the spec and its samples"
    yield (
        f"**fresh**: {_counted(len(report.stale), 'stale file')}"
        if report.stale
        else "**fresh**: generated/ is what the spec generates"
    )
    yield f"**blessed**: {_compared(report)}"
    yield from (f"**version**: {problem}" for problem in report.version_problems)


def _sound(report: Report) -> Iterator[str]:
    if report.errors:
        yield "unsound"
        yield from (f"  {line}" for error in report.errors for line in str(error).splitlines())
    elif not report.failures:
        yield f"sound    {report.spec}: valid, and without complaints from Redocly CLI; its samples and defaults too"
    for failure in report.failures:
        yield "not judged"
        yield from (f"  {line}" for line in failure.splitlines())


def _fresh(report: Report) -> Iterator[str]:
    if report.stale:
        yield f"stale    {report.output}/ is not what the spec generates; to update it, run `nox -s generate`"
        yield from _cut([f"  {entry.kind:8} {report.output / entry.path}" for entry in report.stale])
    elif not report.errors and not report.failures:
        yield f"fresh    {report.output}/ is what the spec generates"


def _blessed(report: Report) -> Iterator[str]:
    if report.base is None:
        return
    yield f"blessed  {_compared(report)}"
    for explained in report.changes:
        change = explained.change
        yield f"  {change.impact:10} {report.spec}:{change.place.line}:{change.place.column}  {change.pointer}"
        yield f"             {change.message}"
        if change.impact != "editorial":
            yield f"             used by  {used_by(explained)}"
            yield f"             to do    {report.advice(change.impact)}"


def _version(report: Report) -> Iterator[str]:
    if report.bump and not report.bump.problems:
        yield f"version  {report.bump.written}, as the changes demand"
    yield from (f"version  {problem}" for problem in report.version_problems)


def _compared(report: Report) -> str:
    if report.base is None:
        return "not compared"
    if not report.has_base:
        return f"nothing yet: {report.base} has no such spec"
    counts = [f"{report.count(impact)} {impact}" for impact in ("breaking", "compatible", "editorial")]
    return f"against {report.base}: {', '.join(counts)}" if report.changes else f"against {report.base}: no change"


def used_by(explained: Explained) -> str:
    """The operations that use the changed part, and its names in the code."""
    change = explained.change
    users = [_user(operation, change) for operation in change.operations]
    if not users:
        return "no operation" + (f"; in code {_code(explained.names)}" if explained.names else "")
    return "; ".join(_cut(users, "")) + (f": {_code(explained.names)}" if explained.names else "")


def _user(operation: Operation, change: Change) -> str:
    ways = sorted(use.direction for use in change.uses if use.operation.pointer == operation.pointer)
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
    return ", ".join(_cut(told, ""))


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _cut(lines: list[str], indent: str = "  ") -> list[str]:
    rest = len(lines) - _SHOWN
    return [*lines[:_SHOWN], f"{indent}and {rest} more"] if rest > 0 else lines


def _row(report: Report, explained: Explained) -> str:
    change = explained.change
    cells = (
        f"{_MARKS[change.impact]} {change.impact}",
        f"`{report.spec}:{change.place.line}` `{change.pointer}`",
        change.message,
        used_by(explained),
        report.advice(change.impact),
    )
    return f"| {' | '.join(map(_in_line, cells))} |"


def _in_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


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
        files = [f"{entry.kind} {report.output / entry.path}" for entry in report.stale]
        text = "\n".join([*_cut(files, ""), "To update it, run `nox -s generate` and commit generated/."])
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
