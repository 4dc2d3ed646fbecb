"""Which task the options ask for, and how one that cannot be done is refused. Nothing is sent, and nothing started."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from contract_tests.task import Kind, TaskError, read_task
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

HERE = "http://127.0.0.1:8000"
STAGING = "https://staging.example.com"
REAL = "https://api.voiceos.io"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith("VOICEOS"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("VOICEOS_TOKEN", "a-token")


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ({}, Kind.RUN),
        ({"dry_run": True}, Kind.DRY_RUN),
        ({"recording": "traffic.har"}, Kind.RECORDING),
        ({"replay": "finding.json"}, Kind.REPLAY),
    ],
)
def test_the_options_tell_the_task(flags: dict[str, object], kind: Kind) -> None:
    assert read_task(flags).kind is kind


def test_a_run_has_its_target_and_its_contract() -> None:
    task = read_task({"url": f"{HERE}/"})
    assert task.target is not None
    assert task.target.url == HERE
    assert task.contract.operations
    assert read_task({}).target is None


def test_a_server_of_another_api_has_no_limits_that_are_about_this_one() -> None:
    task = read_task({"url": HERE, "spec": str(ROOT / "tests" / "zoo" / "multipart.yaml"), "max_calls": 7})
    assert task.target is not None
    assert task.target.limits.describe(7) == "limits: none on what is sent; calls: at most 7"


def test_another_machine_of_another_api_needs_no_numbers() -> None:
    flags: dict[str, object] = {"url": STAGING, "spec": str(ROOT / "tests" / "zoo" / "multipart.yaml")}
    with pytest.raises(TaskError) as error:
        read_task(flags)
    assert str(error.value).endswith(f"multipart.yaml --url {STAGING} --max-calls 75")
    assert "ring" not in str(error.value).partition("If the API rings phones")[0]
    task = read_task({**flags, "max_calls": 7})
    assert task.target is not None
    own = "changes and deletions: what the run creates"
    assert task.target.limits.describe(7) == f"limits: no phone numbers, no URLs; {own}; calls: at most 7"


def test_numbers_for_an_api_whose_places_for_them_nobody_named_are_refused() -> None:
    numbers: dict[str, object] = {"to_number": ["+4915112345678"], "from_number": "+4915112345678", "max_calls": 7}
    with pytest.raises(TaskError, match="does not know where a request holds the number to ring"):
        read_task({"url": STAGING, "spec": str(ROOT / "tests" / "zoo" / "multipart.yaml"), **numbers})


COMMAND = "VOICEOS_TOKEN=… pytest contract_tests --url {} --to-number '+1…' --from-number '+1…' --max-calls 75"
ANOTHER_MACHINE = f"""\
{STAGING} is another machine, so every valid request can make a real phone ring. Say which numbers it may
ring, which number of the account calls, and how many calls the run may cost. The whole command:

  {COMMAND.format(STAGING)}"""
PRODUCTION = f"""\
--url {REAL} is refused: the spec lists api.voiceos.io as a server, so calls there are real.
If that is what you want, say so:

  {COMMAND.format(REAL)} --allow-production"""
REAL_NUMBER = """\
**********5678 is refused: a server on this machine gets only fictional numbers (+1 xxx 555 01xx),
because a local port can lead anywhere. --free-numbers lets it have any."""
NO_TOKEN = f"""\
the environment variable VOICEOS_OTHER is not set. It must hold the token of {HERE}.
Set it (export VOICEOS_OTHER=…), or name another variable with --token-env."""
CROOKED_URL = "--url '127.0.0.1:8000' is not a plain http or https URL; write it like http://127.0.0.1:8000"
SEVERAL = "are different tasks. Give only one of them. An environment variable (VOICEOS_…) may have given another."


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"seed": "-1"}, "--seed: '-1' is not a whole number below 4294967296"),
        ({"seed": "4294967296"}, "--seed: '4294967296' is not a whole number below 4294967296"),
        ({"time_limit": "0"}, "--time-limit: '0' is not a number of seconds above 0"),
        ({"max_calls": "many"}, "--max-calls: 'many' is not a whole number above 0"),
        ({"report_dir": ""}, "--report-dir: '' is not a path"),
        ({"data": ["/a"]}, "--data: '/a' is not POINTER=TEXT, like /agent/name=Ada"),
        ({"target": "moc"}, "contract_tests/targets.toml has no target 'moc'; did you mean mock?; it has: mock"),
        ({"url": "127.0.0.1:8000"}, CROOKED_URL),
        ({"url": HERE, "to_number": ["+4915112345678"]}, REAL_NUMBER),
        ({"url": STAGING}, ANOTHER_MACHINE),
        ({"url": REAL}, PRODUCTION),
        ({"url": HERE, "token_env": "VOICEOS_OTHER"}, NO_TOKEN),
        ({"dry_run": True, "replay": "finding.json"}, f"--dry-run and --replay {SEVERAL}"),
        ({"recording": "traffic.har", "replay": "finding.json"}, f"--recording and --replay {SEVERAL}"),
    ],
)
def test_a_task_that_cannot_be_done_is_refused(flags: dict[str, object], message: str) -> None:
    with pytest.raises(TaskError) as error:
        read_task(flags)
    assert str(error.value) == message


def test_a_dry_run_needs_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOICEOS_TOKEN")
    assert read_task({"url": HERE, "dry_run": True}).target


def test_a_task_can_be_given_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEOS_DRY_RUN", "1")
    assert read_task({}).kind is Kind.DRY_RUN
    with pytest.raises(TaskError, match="--dry-run and --recording are different tasks"):
        read_task({"recording": "traffic.har"})


def test_the_format_of_a_recording_is_no_task_of_its_own() -> None:
    assert read_task({"recording": ["traffic.har"], "recording_format": "har"}).kind is Kind.RECORDING


def test_a_folder_for_reports_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(TaskError) as error:
        read_task({"report_dir": str(file / "report")})
    said = f"--report-dir {file / 'report'} cannot be used: {file} is not a folder you can write to"
    assert str(error.value) == said
