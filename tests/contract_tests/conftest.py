"""The whole commands that the default tests share. Each runs once, whichever process of the tests asks first."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from contract_tests.result.result import Result
from contract_tests.runtime.serving import running
from tests.conftest import ROOT, TOKEN
from tests.support.commands import Finished, finish, keep, read_finished
from tests.support.exchanges import altering
from tests.support.recordings import make_entry
from tests.support.shared import shared_folder

if TYPE_CHECKING:
    from pathlib import Path

SHORT: Final = ("--seed=1", "--no-fuzzing", "--no-all-known-names")
"""The options of a run that takes no longer than it must."""


@pytest.fixture(scope="session")
def conforming_run(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A run on the embedded mock by a user who has a login for all hosts, and who wants JUnit XML."""

    def fill(folder: Path) -> None:
        (folder / ".netrc").write_text("default login someone password secret\n")
        finish(folder, *SHORT, f"--junit-xml={folder / 'junit.xml'}", token=None, HOME=str(folder))

    return read_finished(shared_folder(tmp_path_factory, "conforming", fill))


@pytest.fixture(scope="session")
def violating_run_and_replay(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finished, Finished]:
    """A run on a server with an undocumented status, which would clear the screen; and the replay of its finding."""

    def fill(folder: Path) -> None:
        with running(altering(status="live\x1b[2J\x07\r", ended_at=None, ended_reason=None)) as url:
            finish(folder / "run", *SHORT, f"--url={url}", "--color=no")
            replay_first_finding(folder)

    folder = shared_folder(tmp_path_factory, "violating", fill)
    return read_finished(folder / "run"), read_finished(folder / "replay")


def replay_first_finding(folder: Path) -> None:
    """Runs the command that the first finding of a run names, as a user would."""
    result = Result.model_validate_json((folder / "run" / "reports" / "result.json").read_bytes())
    command = shlex.split(result.findings[0].reproduce)
    environment = os.environ | {"VOICEOS_TOKEN": TOKEN}
    done = subprocess.run(
        [sys.executable, "-m", *command], check=False, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    keep(folder / "replay", done.returncode, done.stdout)


@pytest.fixture(scope="session")
def violating_run(violating_run_and_replay: tuple[Finished, Finished]) -> Finished:
    return violating_run_and_replay[0]


@pytest.fixture(scope="session")
def replay(violating_run_and_replay: tuple[Finished, Finished]) -> Finished:
    return violating_run_and_replay[1]


@pytest.fixture(scope="session")
def judged_recording(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A recording of one call to a server that conforms, judged."""

    def fill(folder: Path) -> None:
        (folder / "traffic.har").write_text(json.dumps({"log": {"entries": [make_entry()]}}))
        finish(folder, f"--recording={folder / 'traffic.har'}", "--seed=1", token=None)

    return read_finished(shared_folder(tmp_path_factory, "recording", fill))
