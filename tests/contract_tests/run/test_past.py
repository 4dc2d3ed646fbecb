"""Earlier runs: what they left is read before a run, and told beside its result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from contract_tests.report.files import write_result
from contract_tests.result.baseline_file import read_baseline
from contract_tests.result.file_error import FileError
from contract_tests.run.accepting import accept, prune
from contract_tests.run.past import keep_history, read_past, tell_past
from tests.support.exchanges import conforming, post, sent
from tests.support.report_results import named
from tests.support.results import OPTIONS, result_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract

UNTIL = date(2100, 1, 1)


def test_without_options_a_result_stays_as_it_is() -> None:
    assert tell_past(named("violates"), read_past(OPTIONS), OPTIONS) == named("violates")


def test_a_report_may_be_compared_with_the_one_that_takes_its_place(tmp_path: Path) -> None:
    write_result(tmp_path, named("violates"))
    options = replace(OPTIONS, report_dir=tmp_path, against=tmp_path)
    told = tell_past(named("violates"), read_past(options), options)
    assert told.comparison
    assert (told.comparison.new, told.comparison.unchanged) == ((), (1, 2))


def test_a_run_is_added_to_its_history(tmp_path: Path) -> None:
    options = replace(OPTIONS, history=tmp_path / "history.jsonl")
    for _ in range(2):
        told = tell_past(named("violates"), read_past(options), options)
        keep_history(told, options)
    assert told.history
    assert [len(told.history.runs), len(read_past(options).history)] == [2, 2]


def test_accepted_causes_are_accepted_in_the_next_run(tmp_path: Path) -> None:
    write_result(tmp_path, named("violates"))
    path = tmp_path / "accepted.json"
    said = accept(tmp_path, path, ["2"], "mended next week", UNTIL)
    assert said.startswith(f"accepted until 2100-01-01 in {path}:\n2. A response is wrong at status")
    assert set(read_past(replace(OPTIONS, baseline=path)).accepted) == {named("violates").findings[1].key}


def test_all_accepts_what_is_no_warning(tmp_path: Path) -> None:
    path = tmp_path / "accepted.json"
    for name, number in (("violates", 2), ("warned", 0)):
        path.unlink(missing_ok=True)
        write_result(tmp_path, named(name))
        accept(tmp_path, path, ["all"], "mended next week", UNTIL)
        assert len(read_baseline(path).accepted) == number


def test_a_finding_that_the_report_does_not_have_is_refused(tmp_path: Path) -> None:
    write_result(tmp_path, named("violates"))
    with pytest.raises(FileError, match=r"--accept 3: \S+ has no such finding. It has: 1, 2"):
        accept(tmp_path, tmp_path / "accepted.json", ["1", "3"], "mended next week", UNTIL)
    assert not (tmp_path / "accepted.json").exists()


def test_entries_without_a_cause_are_removed(contract: Contract, tmp_path: Path) -> None:
    path, options = tmp_path / "accepted.json", replace(OPTIONS, baseline=tmp_path / "accepted.json")
    write_result(tmp_path, named("violates"))
    accept(tmp_path, path, ["all"], "mended next week", UNTIL)
    mended = tell_past(result_of(contract, *sent(conforming(), post())), read_past(options), options)
    write_result(tmp_path, mended)
    assert prune(tmp_path, path).startswith(f"2 entries removed from {path}\n")
    assert read_baseline(path).accepted == ()


def test_nothing_is_removed_by_a_run_that_used_no_baseline(tmp_path: Path) -> None:
    write_result(tmp_path, named("violates"))
    with pytest.raises(FileError, match="used no baseline"):
        prune(tmp_path, tmp_path / "accepted.json")
