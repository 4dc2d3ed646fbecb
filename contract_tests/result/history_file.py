"""The file of a history: a line for each run against a target, in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.result.file_error import FileError
from contract_tests.result.history import History, HistoryLine, HistoryRun, Since
from contract_tests.result.part import UNREADABLE, decode_part, encode_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from contract_tests.result.result import Result

_KEPT: Final = 200
"""How many runs a result tells of."""


def make_line(result: Result) -> HistoryLine:
    """The line of a run."""
    return HistoryLine(
        date=result.date,
        target=result.target,
        verdict=result.verdict,
        spec_version=result.spec_version,
        findings=sum(finding.violates for finding in result.findings),
        accepted=sum(finding.accepted is not None for finding in result.findings),
        warnings=sum(finding.is_warning for finding in result.findings),
        requests=result.requests,
        calls=result.calls,
        seconds=result.seconds,
        seed=result.seed,
        causes=tuple(finding.key for finding in result.findings),
    )


def tell_history(result: Result, path: str, earlier: Iterable[HistoryLine]) -> History:
    """The runs against the target of a result, which comes last, and how long each finding has been there."""
    lines = [*(each for each in earlier if each.target == result.target), make_line(result)]
    fields = HistoryRun.__struct_fields__
    return History(
        path=path,
        runs=tuple(HistoryRun(**{name: getattr(each, name) for name in fields}) for each in lines[-_KEPT:]),
        since=tuple(_since(finding.number, finding.key, lines) for finding in result.findings),
    )


def _since(number: int, key: str, lines: Sequence[HistoryLine]) -> Since:
    """How long a finding has been there. Runs that could not test the target neither end that nor count."""
    runs, first = 0, lines[-1]
    for line in reversed(lines):
        if key in line.causes:
            runs, first = runs + 1, line
        elif line.verdict != "untestable":
            break
    return Since(finding=number, runs=runs, date=first.date)


def read_history(path: Path) -> list[HistoryLine]:
    """Reads the lines of a history, the oldest first; none if there is no file yet.

    Raises:
        FileError: the file cannot be read, or a line is none of a history.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [_read_line(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"--history {path} cannot be read: {error}") from error


def _read_line(path: Path, number: int, line: str) -> HistoryLine:
    try:
        return decode_part(line, HistoryLine)
    except UNREADABLE as error:
        raise FileError(
            f"--history {path} is not a history that this version of the suite wrote: line {number} is none of it.\n"
            "Name another file, or remove the line."
        ) from error


def append_line(path: Path, line: HistoryLine) -> None:
    """Adds a line to a history, or begins one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{encode_part(line)}\n")
