"""The files of a run: an earlier run's go, and each is written whole."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from contract_tests.report.files import FORMATS, prepare_folder, write_result
from contract_tests.result.finding_file import read_finding
from contract_tests.result.part import decode_part
from contract_tests.result.result import Result
from tests.support.exchanges import altering, conforming, post, sent
from tests.support.results import result_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract


def test_another_runs_reports_are_removed_and_nothing_else(contract: Contract, tmp_path: Path) -> None:
    prepare_folder(tmp_path)
    write_result(tmp_path, result_of(contract, *sent(altering(uri=1), post())))
    (tmp_path / "schemathesis.log").touch()
    (tmp_path / "mine.txt").touch()
    prepare_folder(tmp_path, ["schemathesis.log", "never-written"])
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_each_finding_is_in_a_file_of_its_number(contract: Contract, tmp_path: Path) -> None:
    result = result_of(contract, *sent(altering(uri=1, id=2), post()))
    write_result(tmp_path, result)
    files = [read_finding(tmp_path / "findings" / f"{number}.json") for number in (1, 2)]
    assert tuple(file.finding for file in files) == result.findings
    assert {file.target for file in files} == {result.target}


def test_a_result_is_read_back_as_it_was(contract: Contract, tmp_path: Path) -> None:
    result = result_of(contract, *sent(altering(uri=1), post()))
    write_result(tmp_path, result)
    assert decode_part((tmp_path / "result.json").read_bytes(), Result) == result


def test_without_findings_there_is_no_folder_of_them(contract: Contract, tmp_path: Path) -> None:
    write_result(tmp_path, result_of(contract, *sent(conforming(), post())))
    assert {file.name for file in tmp_path.iterdir()} == {*FORMATS}


def test_a_link_that_somebody_left_in_the_folder_is_not_written_through(contract: Contract, tmp_path: Path) -> None:
    other, folder = tmp_path / "other", tmp_path / "report"
    other.write_text("mine")
    folder.mkdir()
    for name in (f".index.html.{os.getpid()}.new", "index.html"):
        (folder / name).symlink_to(other)
    (folder / "findings").symlink_to(tmp_path)
    prepare_folder(folder)
    write_result(folder, result_of(contract))
    assert other.read_text() == "mine"
    assert not (folder / "findings").exists()
    assert not (folder / "index.html").is_symlink()
