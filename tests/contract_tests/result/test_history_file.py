"""The history of a target: a line a run, and how long each finding has been there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from contract_tests.result.file_error import FileError
from contract_tests.result.history_file import append_line, make_line, read_history, tell_history
from tests.support.exchanges import altering, conforming, post, sent
from tests.support.results import result_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.result.history import HistoryLine
    from contract_tests.result.result import Result


def dated(result: Result, day: int) -> Result:
    return structs.replace(result, date=f"2026-01-{day:02} 09:30")


def line(result: Result, day: int) -> HistoryLine:
    return make_line(dated(result, day))


@pytest.fixture(scope="module")
def broken(contract: Contract) -> Result:
    return result_of(contract, *sent(altering(uri=1), post()))


@pytest.fixture(scope="module")
def mended(contract: Contract) -> Result:
    return result_of(contract, *sent(conforming(), post()))


@pytest.fixture(scope="module")
def lost(contract: Contract) -> Result:
    return result_of(contract, obstacle="http://127.0.0.1:8000 cannot be reached.")


def test_a_line_that_is_added_is_read_back(broken: Result, mended: Result, tmp_path: Path) -> None:
    path = tmp_path / "new" / "history.jsonl"
    assert read_history(path) == []
    lines = [line(broken, 1), line(mended, 2)]
    for each in lines:
        append_line(path, each)
    assert read_history(path) == lines


def test_a_history_ends_with_the_run_itself(broken: Result, mended: Result) -> None:
    history = tell_history(dated(broken, 2), "history.jsonl", [line(mended, 1)])
    assert [(run.date, run.verdict, run.findings) for run in history.runs] == [
        ("2026-01-01 09:30", "conforms", 0),
        ("2026-01-02 09:30", "violates", 1),
    ]


def test_runs_against_other_targets_are_left_out(broken: Result) -> None:
    other = structs.replace(line(broken, 1), target="another server")
    assert len(tell_history(dated(broken, 2), "history.jsonl", [other]).runs) == 1


def test_a_finding_is_as_old_as_its_last_row_of_runs(broken: Result, mended: Result) -> None:
    earlier = [line(broken, 1), line(mended, 2), line(broken, 3)]
    (since,) = tell_history(dated(broken, 4), "history.jsonl", earlier).since
    assert (since.runs, since.date) == (2, "2026-01-03 09:30")


def test_a_run_that_could_not_test_the_target_makes_no_finding_new(broken: Result, lost: Result) -> None:
    (since,) = tell_history(dated(broken, 3), "history.jsonl", [line(broken, 1), line(lost, 2)]).since
    assert (since.runs, since.date) == (2, "2026-01-01 09:30")


def test_a_line_that_is_none_of_a_history_is_named(broken: Result, tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    append_line(path, line(broken, 1))
    path.write_text(f"{path.read_text()}[]\n")
    with pytest.raises(FileError, match="line 2 is none of it"):
        read_history(path)
