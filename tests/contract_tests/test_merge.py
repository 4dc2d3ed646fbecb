"""The command that makes one report of the reports of shards: its output, its exit codes, and what it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from contract_tests.merge import main
from contract_tests.result.part import encode_part
from contract_tests.result.scope import ShardPart
from tests.support.commands import OF_CI
from tests.support.report_results import named

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.result.result import Result

CONFORMS, VIOLATES, USAGE = 0, 1, 4


@pytest.fixture(autouse=True)
def _outside_of_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in OF_CI:
        monkeypatch.delenv(variable, raising=False)


def shard(name: str, number: int, **changes: object) -> Result:
    labels = tuple(each.label for each in named(name).operations[number - 1 :: 2])
    part = ShardPart(number=number, of=2, operations=labels, max_calls=None)
    return structs.replace(named(name), **({"shards": (part,), "date": f"2026-01-0{number} 09:30"} | changes))


def write(folder: Path, *results: Result) -> list[str]:
    """The folders of reports, which hold nothing but the result."""
    folders = [folder / f"shard-{number}" for number in range(1, len(results) + 1)]
    for each, result in zip(folders, results, strict=True):
        each.mkdir()
        (each / "result.json").write_text(encode_part(result))
    return [str(each) for each in folders]


def merge(folder: Path, *reports: str) -> int:
    return main([*reports, f"--report-dir={folder / 'merged'}"])


def merged(folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((folder / "merged" / "result.json").read_text())
    return result


@pytest.mark.slow
def test_the_merged_report_is_one_of_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = write(tmp_path, shard("conforms", 1), shard("violates", 2))
    assert merge(tmp_path, two, f"{one}/result.json") == VIOLATES
    assert merged(tmp_path)["requests"] == named("conforms").requests + named("violates").requests
    assert [part["number"] for part in merged(tmp_path)["shards"]] == [1, 2]
    assert {path.name for path in (tmp_path / "merged").iterdir()} >= {"index.html", "junit.xml", "findings"}
    assert f"--replay {tmp_path}/merged/findings/1.json" in capsys.readouterr().out


def test_shards_that_conform_conform_together(tmp_path: Path) -> None:
    assert merge(tmp_path, *write(tmp_path, shard("conforms", 1), shard("conforms", 2))) == CONFORMS


def test_causes_are_accepted_for_the_run_as_a_whole(tmp_path: Path) -> None:
    why = {"reason": "soon", "until": "2099-12-31", "shown_by": []}
    told = ("key", "check", "pointer", "headline")
    entries = [why | {name: getattr(each, name) for name in told} for each in named("violates").findings]
    baseline = tmp_path / "accepted.json"
    baseline.write_text(json.dumps({"accepted": entries}))
    reports = write(tmp_path, shard("violates", 1), shard("violates", 2))
    assert main([*reports, f"--report-dir={tmp_path / 'merged'}", f"--baseline={baseline}"]) == CONFORMS


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"spec_sha256": "0"}, "is of another spec than"),
        ({"versions": {"suite": "0"}}, "is of another version of the suite or its tools than"),
        ({"seed": 2}, "is of another seed than"),
        ({"target": "staging"}, "is of another target than"),
        ({"shards": ()}, "is the report of a whole run. Only reports of runs with --shard are merged."),
        ({"shards": (ShardPart(number=1, of=2, operations=(), max_calls=None),)}, "are both of shard 1/2."),
        ({"shards": (ShardPart(number=2, of=3, operations=(), max_calls=None),)}, "is of another number of shards"),
        ({"checks": ()}, "do not list the same checks and statements"),
        ({"facts": ()}, "do not list the same checks and statements"),
        ({"contract": ()}, "do not list the same checks and statements"),
    ],
    ids=["spec", "suite", "seed", "target", "whole", "double", "number", "checks", "facts", "contract"],
)
def test_what_is_not_of_one_run_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], problem: str
) -> None:
    assert merge(tmp_path, *write(tmp_path, shard("conforms", 1), shard("conforms", 2, **change))) == USAGE
    assert problem in capsys.readouterr().err
    assert not (tmp_path / "merged").exists()


def test_a_missing_shard_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert merge(tmp_path, *write(tmp_path, shard("conforms", 1))) == USAGE
    assert "The report of shard 2/2 is missing." in capsys.readouterr().err


def test_a_file_that_is_no_report_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert merge(tmp_path, str(tmp_path / "none.json")) == USAGE
    assert "the report" in capsys.readouterr().err
