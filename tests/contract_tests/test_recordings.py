"""The command that judges recordings without pytest: its output, its exit codes, and how little it starts."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests import judge_files
from contract_tests.recordings import main
from contract_tests.traffic import chunks
from tests.conftest import ROOT
from tests.support.commands import OF_CI
from tests.support.recordings import make_entry, make_read_entry, with_answer

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.run import recording

CONFORMS, VIOLATES, INTERRUPTED, USAGE, UNTESTABLE, INCOMPLETE = 0, 1, 2, 4, 7, 8
BROKEN = with_answer(lambda answer: answer.update(status="live"))


@pytest.fixture(autouse=True)
def _outside_of_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in OF_CI:
        monkeypatch.delenv(variable, raising=False)


def write(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / "traffic.ndjson"
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    return path


def judge(folder: Path, *entries: dict[str, Any], flags: tuple[str, ...] = ()) -> int:
    return main([str(write(folder, *entries)), f"--report-dir={folder / 'report'}", "--seed=1", *flags])


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([make_entry(), make_read_entry()], CONFORMS),
        ([make_entry(), BROKEN], VIOLATES),
        ([make_entry(url="https://other.example/")], UNTESTABLE),
        ([make_entry({"from_number": 1})], INCOMPLETE),
    ],
    ids=["conforms", "violates", "untestable", "incomplete"],
)
def test_the_verdict_has_its_exit_code(tmp_path: Path, entries: list[dict[str, Any]], code: int) -> None:
    assert judge(tmp_path, *entries) == code
    assert (tmp_path / "report" / "index.html").exists()


def test_values_of_the_account_and_another_spec_are_given_as_for_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = make_entry()
    refused["response"] = {"status": 404, "content": {"text": '{"detail": "unknown"}', "mimeType": "application/json"}}
    judge(tmp_path, refused)
    assert "--agent-id ID gives what it has" in capsys.readouterr().out
    judge(tmp_path, refused, flags=("--agent-id=a", "--from-number=+12025550142"))
    assert "--agent-id ID gives what it has" not in capsys.readouterr().out
    spec = tmp_path / "things.yaml"
    spec.write_text((ROOT / "tests" / "data" / "things.yaml").read_text())
    assert judge(tmp_path, make_entry(), flags=(f"--spec={spec}",)) == UNTESTABLE


def test_the_options_of_runs_that_are_about_reports_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(tmp_path, make_entry({"from_number": 1}), flags=("--allow-partial",)) == CONFORMS
    assert judge(tmp_path, BROKEN, flags=("--format=github", "--processes=1")) == VIOLATES
    assert "::error file=spec/openapi.yaml,line=" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        (
            ["none.har"],
            "--recording none.har cannot be read: No such file or directory. Name another file, or record it again.",
        ),
        (["none.har", "--seed=many"], "--seed: 'many' is not a whole number below 4294967296"),
    ],
)
def test_a_usage_error_is_said(capsys: pytest.CaptureFixture[str], flags: list[str], problem: str) -> None:
    assert main(flags) == USAGE
    assert capsys.readouterr().err == f"ERROR: {problem}\n"


@pytest.mark.slow
def test_ctrl_c_ends_with_what_was_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(progress: recording.Progress) -> None:
        if progress.entries == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(chunks, "BYTES", 10)
    monkeypatch.setattr(judge_files, "_telling_progress", lambda: nullcontext(interrupt))
    assert judge(tmp_path, BROKEN, make_entry(), flags=("--processes=1",)) == INTERRUPTED
    assert "It was interrupted, after 1 entry." in capsys.readouterr().out
    assert json.loads((tmp_path / "report" / "result.json").read_text())["requests"] == 1


@pytest.mark.slow
def test_nothing_of_a_run_is_imported(tmp_path: Path) -> None:
    find_out = (
        "import sys; from contract_tests.recordings import main; main(sys.argv[1:]);"
        "print('imported:', *sorted({'pytest', 'httpx', 'schemathesis', 'starlette', 'ssl'} & {*sys.modules}))"
    )
    command = [sys.executable, "-c", find_out, str(write(tmp_path, make_entry())), f"--report-dir={tmp_path}/report"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1].strip() == "imported:"
