"""The whole commands that the default tests share. Each runs once, whichever process of the tests asks first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from contract_tests.runtime.serving import running
from tests.support.another import another_server, read_another
from tests.support.commands import SHORT, Finished, finish, read_finished
from tests.support.readme_run import run_readme_commands
from tests.support.recordings import make_entry, make_read_entry
from tests.support.shared import shared_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A run on a server of another, small contract by a user who has a login for all hosts and wants JUnit XML.

    The spec is beside the reports.
    """

    def fill(folder: Path) -> None:
        (folder / ".netrc").write_text("default login someone password secret\n")
        another = read_another(folder)
        with running(another_server(another)) as url:
            target = f"--spec={another.spec.path}", f"--url={url}"
            finish(folder, *SHORT, *target, f"--junit-xml={folder / 'junit.xml'}", HOME=str(folder))

    return read_finished(shared_folder(tmp_path_factory, "small", fill))


@pytest.fixture(scope="session")
def violating_run_and_replay(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finished, Finished]:
    """The README's run, on a server with a broken rule and an account that would clear the screen; and its replay."""
    return run_readme_commands(tmp_path_factory)


@pytest.fixture(scope="session")
def violating_run(violating_run_and_replay: tuple[Finished, Finished]) -> Finished:
    return violating_run_and_replay[0]


@pytest.fixture(scope="session")
def replay(violating_run_and_replay: tuple[Finished, Finished]) -> Finished:
    return violating_run_and_replay[1]


@pytest.fixture(scope="session")
def judged_recording(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A recording of a call, and of the reading of its conversation, at a server that conforms: judged."""

    def fill(folder: Path) -> None:
        (folder / "traffic.har").write_text(json.dumps({"log": {"entries": [make_entry(), make_read_entry()]}}))
        finish(folder, f"--recording={folder / 'traffic.har'}", "--seed=1", token=None)

    return read_finished(shared_folder(tmp_path_factory, "recording", fill))
