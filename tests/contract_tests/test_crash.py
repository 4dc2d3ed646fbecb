"""A fault of the suite itself is told by its place, and neither by its text nor by a traceback."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Never

import pytest

from contract_tests import other_tasks, proxy, recordings
from contract_tests.crash import describe_crash
from contract_tests.session import TASK, make_something_else
from contract_tests.target.options import Options
from contract_tests.task import Kind, Task

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = "a-secret-that-nobody-may-see"  # noqa: S105 - what the tests look for
INTERNAL_ERROR = 3


def fail(*_: object, **__: object) -> Never:
    raise RuntimeError(SECRET)


def crash(failing: Callable[..., object]) -> BaseException:
    with pytest.raises(RuntimeError) as raised:
        failing()
    return raised.value


def test_a_crash_is_told_by_its_kind_and_its_line() -> None:
    told = describe_crash(crash(fail), "the replay")
    line = fail.__code__.co_firstlineno + 1
    assert told.startswith(
        f"the replay failed by a fault of the suite (RuntimeError, at tests/contract_tests/test_crash.py:{line})"
    )
    assert SECRET not in told


def test_a_crash_outside_of_the_suite_has_no_line() -> None:
    told = describe_crash(RuntimeError(SECRET), "the replay")
    assert told.startswith("the replay failed by a fault of the suite (RuntimeError), so")


class Config:
    """The parts of pytest's configuration that a task reads."""

    def __init__(self, task: Task) -> None:
        self.option = SimpleNamespace(verbose=0)
        self.stash = pytest.Stash()
        self.stash[TASK] = task


@pytest.mark.parametrize("kind", [Kind.REPLAY, Kind.RECORDING, Kind.ACCEPT, Kind.DRY_RUN])
def test_whatever_the_task_no_traceback_reaches_the_user(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(other_tasks, "do_other_task", fail)
    config: Any = Config(Task(kind, Options(report_dir=tmp_path)))
    assert make_something_else(config) == INTERNAL_ERROR
    said = capsys.readouterr()
    assert "failed by a fault of the suite (RuntimeError, at" in said.err
    assert "Traceback" not in said.out + said.err


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Changes for a test in a folder with a recording."""
    (tmp_path / "traffic.ndjson").write_text(json.dumps({"request": {"method": "GET", "url": "http://a.example/"}}))
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.mark.parametrize(
    ("failing", "main", "arguments"),
    [
        ("contract_tests.run.recording.judge_recording", recordings.main, ["traffic.ndjson"]),
        ("contract_tests.proxy.judge_live", proxy.main, ["--url", "http://127.0.0.1:1"]),
    ],
)
def test_a_command_without_pytest_shows_none_either(
    failing: str,
    main: Callable[[list[str]], int],
    arguments: list[str],
    in_folder: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    in_folder.setattr(failing, fail)
    assert main(arguments) == INTERNAL_ERROR
    assert SECRET not in "".join(capsys.readouterr())
