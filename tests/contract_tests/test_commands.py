"""`--help` and usage errors of the suite's commands, each in the process of the test."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest
from msgspec import structs

from contract_tests import task
from contract_tests.kills.__main__ import main as kills
from contract_tests.report.files import write_result
from contract_tests.result.part import encode_part
from contract_tests.runtime import child
from contract_tests.servers.__main__ import main as mock
from contract_tests.target.options import declared_options
from tests.conftest import ROOT
from tests.support.exchanges import altering, post, sent
from tests.support.report_results import named
from tests.support.results import finding_file, result_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from tests.support.golden import Golden

USAGE = 4


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "120")
    for name in os.environ:
        if name.upper().startswith("VOICEOS"):
            monkeypatch.delenv(name)


@pytest.mark.slow
def test_help_of_a_run_lists_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert pytest.main(["contract_tests", "--help"]) == 0
    said = capsys.readouterr().out.partition("pytest's own options")[0]
    words = said.replace("=", " ").replace(",", " ").split()
    assert {option.flag for option in declared_options()} <= set(words)


@pytest.mark.slow
def test_help_of_a_run_begins_with_its_own_examples_and_tells_each_option_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert pytest.main(["contract_tests", "--started-by=nox -s contract --", "--help"]) == 0
    own, _, of_pytest = capsys.readouterr().out.partition("pytest's own options")
    assert own.startswith("usage: nox -s contract -- [options]\n")
    assert "\nexamples:\n  # test the embedded mock\n  nox -s contract\n" in own
    assert "--max-calls" not in of_pytest
    assert "--maxfail" in of_pytest


@pytest.mark.slow
def test_help_of_a_run_tells_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.main(["contract_tests", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "--time-limit S end the run after this many seconds; default: 300" in said
    assert "Any response other than a 4xx counts as a call. So does no response." in said


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("max-calls", ["--max-calls=0"]),
        ("seed", ["--seed=4294967296"]),
        ("time-limit", ["--time-limit=0"]),
        ("report-dir", ["--report-dir="]),
        ("report-dir-is-a-file", ["--report-dir=README.md/report"]),
        ("data", ["--data=/a"]),
        ("several", ["--max-calls=many", "--seed=-1"]),
        ("no-such-option", ["--max-call", "5"]),
        ("no-baseline", ["--accept=1,2", "--reason=soon"]),
        ("nothing-to-prune", ["--prune"]),
        ("no-day", ["--until=soon"]),
        ("no-such-format", ["--format=gitlab"]),
        ("no-earlier-run", ["--against=none"]),
        ("two-tasks", ["--dry-run", "--recording=traffic.har"]),
        ("no-such-target", ["--target=moc"]),
        ("no-url", ["--url=127.0.0.1:8000"]),
        ("no-token", ["--url=http://127.0.0.1:8000"]),
        ("another-machine", ["--url=https://staging.example.com"]),
        ("production", ["--url=https://api.voiceos.io"]),
        ("no-number", ["--url=http://127.0.0.1:8000", "--to-number=911"]),
        ("real-number", ["--url=http://127.0.0.1:8000", "--to-number=+12125550000"]),
        ("free-numbers", ["--url=https://staging.example.com", "--free-numbers"]),
        ("no-recording", ["--recording=none.har"]),
        ("recording-is-no-har", ["--recording=README.md"]),
        ("no-finding", ["--replay=none.json"]),
        ("finding-is-none", ["--replay=package.json"]),
    ],
)
def test_a_usage_error_of_a_run_is_said(
    capsys: pytest.CaptureFixture[str], golden: Golden, name: str, flags: list[str]
) -> None:
    before = set(psutil.Process().children())
    assert pytest.main(["contract_tests", *flags]) == USAGE
    assert set(psutil.Process().children()) <= before
    said = capsys.readouterr()
    assert said.out == ""
    golden(f"refusals/{name}", said.err.replace(f"{ROOT}/", ""))


def test_a_server_is_never_taken_from_a_findings_file(
    contract: Contract, capsys: pytest.CaptureFixture[str], golden: Golden, tmp_path: Path
) -> None:
    (finding,) = result_of(contract, *sent(altering(uri=1), post())).findings
    path = tmp_path / "finding.json"
    path.write_text(encode_part(structs.replace(finding_file(contract, finding), target="st\x1b[2Jaging")))
    assert pytest.main(["contract_tests", f"--replay={path}"]) == USAGE
    golden("refusals/finding-of-a-server", capsys.readouterr().err.replace(str(path), "finding.json"))


@pytest.mark.slow
def test_findings_of_the_last_run_are_accepted_and_pruned(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    write_result(tmp_path, named("out-of-date"))
    files = [f"--report-dir={tmp_path}", f"--baseline={tmp_path}/accepted.json"]
    assert pytest.main(["contract_tests", "--accept=1", "--reason=soon", "--until=2100-01-01", *files]) == 0
    assert capsys.readouterr().out.startswith("accepted until 2100-01-01 in ")
    assert pytest.main(["contract_tests", "--prune", *files]) == 0
    assert capsys.readouterr().out.startswith("1 entry removed from ")


def test_a_finding_that_cannot_be_accepted_is_a_usage_error(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    given = ["--accept=1", "--reason=soon", "--until=2100-01-01", f"--baseline={tmp_path}/accepted.json"]
    assert pytest.main(["contract_tests", *given, f"--report-dir={tmp_path}"]) == USAGE
    assert "result.json cannot be read: No such file or directory" in capsys.readouterr().err


def test_a_misspelt_variable_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICEOS_MAX_CALL", "3")
    assert pytest.main(["contract_tests"]) == USAGE
    golden("refusals/misspelt-variable", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("flags", "given"),
    [
        ([], {}),
        (["--strict"], {"strict": True}),
        (["--no-fuzzing", "--no-all-known-names"], {"no_fuzzing": True, "all_known_names": False}),
        (["--to-number=1", "--to-number=2"], {"to_number": ["1", "2"]}),
        (["--max-calls=3", "--data=/a=b"], {"max_calls": "3", "data": ["/a=b"]}),
    ],
)
def test_only_flags_that_were_given_are_read(
    monkeypatch: pytest.MonkeyPatch, flags: list[str], given: dict[str, object]
) -> None:
    seen: list[Mapping[str, object]] = []

    def see(flags: Mapping[str, object]) -> None:
        seen.append(flags)
        raise task.TaskError("seen")

    monkeypatch.setattr(task, "read_task", see)
    assert pytest.main(["contract_tests", *flags]) == USAGE
    assert seen == [given]


@pytest.mark.parametrize("flags", [[], ["--dry-run"]])
def test_a_run_starts_its_processes_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, flags: list[str]
) -> None:
    monkeypatch.setattr(child, "start_early", refuse)
    assert pytest.main(["contract_tests", *flags]) == USAGE
    assert capsys.readouterr().err.startswith("ERROR: no process can be started")


@pytest.mark.parametrize("flags", ["--help", "--seed=many", "--recording=none.har", "--replay=none.json"])
def test_other_tasks_help_and_usage_errors_start_no_process(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, flags: str
) -> None:
    monkeypatch.setattr(child, "start_early", refuse)
    pytest.main(["contract_tests", flags])
    assert "no process can be started" not in capsys.readouterr().err


def refuse(_module: str) -> None:
    raise OSError("no process can be started")


FIND_OUT = """
import sys, pytest
for flag in sys.argv[1:]:
    pytest.main(["contract_tests", "-p", "no:hypothesispytest", flag])
heavy = {"contract_tests.session", "httpx", "pydantic", "schemathesis", "starlette", "uvicorn"}
print("imported:", *sorted(heavy & {*sys.modules}))
"""


@pytest.mark.slow
def test_help_and_usage_errors_import_nothing_slow() -> None:
    command = [sys.executable, "-c", FIND_OUT, "--help", "--seed=many", "--url=https://staging.example.com"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1].strip() == "imported:"


@pytest.mark.parametrize(
    ("main", "name", "flags"),
    [
        (
            kills,
            "kills",
            {"--through-engine", "--stock", "--only", "--sample", "--list", "--serve", "--json", "--seed"},
        ),
        (mock, "mock", {"--port"}),
    ],
)
def test_help_of_a_command_lists_its_options(
    capsys: pytest.CaptureFixture[str], main: Callable[[list[str]], int], name: str, flags: set[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert said.startswith(f"usage: nox -s {name} -- [-h] ")
    assert flags <= set(said.replace(",", " ").replace("]", " ").split())


@pytest.mark.parametrize(
    ("main", "arguments", "message"),
    [
        (kills, ["--seed", "4294967296"], "--seed: '4294967296' is not a whole number below 4294967296"),
        (kills, ["--sample", "0"], "--sample: '0' is not a whole number above 0"),
        (kills, ["--stock", "--through-engine"], "--through-engine: not allowed with argument --stock"),
        (mock, ["--port", "65536"], "--port: '65536' is not a port: a number from 0 to 65535"),
    ],
)
def test_a_usage_error_of_a_command_is_said(
    capsys: pytest.CaptureFixture[str], main: Callable[[list[str]], int], arguments: list[str], message: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1].partition(": error: argument ")[2] == message
