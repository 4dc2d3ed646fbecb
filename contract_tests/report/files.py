"""The files of a run: its result in every format, and each finding by itself. Each is whole, or is not there."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

from contract_tests.report.badge import make_badge
from contract_tests.report.junit import make_junit
from contract_tests.report.sarif import make_sarif
from contract_tests.report.summary import make_summary
from contract_tests.result.earlier import RESULT
from contract_tests.result.finding_file import FOLDER, finding_path
from contract_tests.result.part import encode_part
from contract_tests.result.result import FindingFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from contract_tests.result.part import Part
    from contract_tests.result.result import Result


def _as_json(part: Part) -> str:
    return encode_part(part, indent=2)


def _as_page(result: Result) -> str:
    # Jinja2 takes as long to import as all of the judge, and a run can wait for it until its end.
    from contract_tests.report.page.page import make_page  # noqa: PLC0415 - see above

    return make_page(result)


FORMATS: Final[Mapping[str, Callable[[Result], str]]] = {
    RESULT: _as_json,
    "index.html": _as_page,
    "summary.md": make_summary,
    "junit.xml": make_junit,
    "contract.sarif": make_sarif,
    "badge.json": make_badge,
}
"""The files that hold the whole result, by name, each with the function that writes its text."""


def prepare_folder(folder: Path, others: Iterable[str] = ()) -> None:
    """Makes the folder, and removes an earlier run's reports from it, which must not pass for this run's.

    `others` are the names of files beside the result and the findings. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in (folder / name for name in (*FORMATS, FOLDER, *others)):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def write_result(folder: Path, result: Result) -> None:
    """Writes each of the findings to a file of its own, by its number, and the result in every format.

    Raises:
        OSError: a file cannot be written.
    """
    if result.findings:
        (folder / FOLDER).mkdir(exist_ok=True)
    for finding in result.findings:
        file = FindingFile(
            target=result.target, spec_version=result.spec_version, spec_sha256=result.spec_sha256, finding=finding
        )
        _write_whole(finding_path(folder, finding.number), _as_json(file))
    for name, describe in FORMATS.items():
        _write_whole(folder / name, describe(result))


def _write_whole(path: Path, text: str) -> None:
    """Writes a file beside its place, and then moves it there. Where a link stands, it is replaced, not followed."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    beside.unlink(missing_ok=True)
    with beside.open("x", encoding="utf-8") as file:
        file.write(f"{text}\n")
    beside.replace(path)
