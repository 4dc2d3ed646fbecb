"""Changes to a baseline that people ask for: causes of the last run are accepted, or entries without one removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.result.accept import with_entries, without_entries
from contract_tests.result.baseline import Acceptance, Baseline
from contract_tests.result.baseline_file import read_baseline, write_baseline
from contract_tests.result.earlier import RESULT, read_earlier_report
from contract_tests.result.file_error import FileError
from contract_tests.result.reading import read_model
from contract_tests.result.result import Result
from contract_tests.result.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from contract_tests.result.comparison import EarlierCause


def accept(report_dir: Path, path: Path, numbers: Sequence[str], reason: str, until: date) -> str:
    """Accepts causes of the last run until a day, and says so. `numbers` are those of its findings, or `all`.

    Raises:
        FileError: the report or the baseline cannot be read, or the report has no such finding.
        OSError: the baseline cannot be written.
    """
    causes = _choose(read_earlier_report(report_dir, "--report-dir").causes, numbers, report_dir)
    before = read_baseline(path) if path.exists() else Baseline()
    write_baseline(path, with_entries(before, causes, Acceptance(reason=reason, until=until)))
    lines = [f"{cause.number}. {cause.headline}" for cause in causes]
    return "\n".join([f"accepted until {until} in {path}:", *lines])


def prune(report_dir: Path, path: Path) -> str:
    """Removes the entries that the last run found unused, and says which.

    Raises:
        FileError: the report or the baseline cannot be read, or the last run did not use it.
        OSError: the baseline cannot be written.
    """
    remedy = "Run the suite with --baseline first."
    use = read_model(Result, report_dir / RESULT, "--report-dir", "the result of a run", remedy).baseline
    if use is None:
        raise FileError(f"--prune: the run that wrote {report_dir} used no baseline.\n{remedy}")
    write_baseline(path, without_entries(read_baseline(path), [entry.key for entry in use.unused]))
    lines = [entry.headline for entry in use.unused]
    return "\n".join([f"{counted(len(lines), 'entry', 'entries')} removed from {path}", *lines])


def _choose(causes: Iterable[EarlierCause], numbers: Sequence[str], report_dir: Path) -> list[EarlierCause]:
    """The causes with the numbers; with `all`, those that are no warnings."""
    if list(numbers) == ["all"]:
        return [cause for cause in causes if not cause.is_warning]
    by_number = {str(cause.number): cause for cause in causes}
    if unknown := [number for number in numbers if number not in by_number]:
        known = ", ".join(by_number) or "none"
        raise FileError(f"--accept {','.join(unknown)}: {report_dir} has no such finding. It has: {known}")
    return [by_number[number] for number in numbers]
