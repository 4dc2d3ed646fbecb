"""Whole commands `pytest contract_tests …`, each in a process of its own. They take seconds: share them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from tests.conftest import ROOT, TOKEN, hear_ctrl_c

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_TIMEOUT: Final = 300
OF_CI: Final = {"CI", "BUILD_NUMBER", "GITHUB_STEP_SUMMARY"}
"""The variables by which pytest knows CI, where its summary repeats all failures in full, and the page of the run."""
SHORT: Final = ("--seed=1", "--no-fuzzing", "--no-all-known-names")
"""The options of a run that takes no longer than it must."""
_SUITE: Final = (sys.executable, "-m", "pytest", "-p", "no:hypothesispytest", "contract_tests")
_EXIT_CODE: Final = "exit-code.txt"
_OUTPUT: Final = "output.txt"
_REPORTS: Final = "reports"


def main_of(module: str) -> Callable[[Sequence[str]], int]:
    """The function that `python -m` begins with."""
    is_package = hasattr(import_module(module), "__path__")
    main: Callable[[Sequence[str]], int] = import_module(f"{module}.__main__" if is_package else module).main
    return main


@dataclass(frozen=True)
class Finished:
    """A command that has ended: its exit code, all that it printed, and the folder of its reports."""

    code: int
    said: str
    reports: Path

    @property
    def last_line(self) -> str:
        """The line with the verdict."""
        return self.said.rstrip().splitlines()[-1]


def start(
    *options: str, token: str | None = TOKEN, command: Sequence[str] = _SUITE, **environment: str
) -> subprocess.Popen[str]:
    """Starts a command. Of the suite's variables, it gets the token and those given here."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("VOICEOS", "PYTEST"))}
    kept = {name: value for name, value in ours.items() if name not in OF_CI}
    return subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        env=kept | ({"VOICEOS_TOKEN": token} if token else {}) | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=hear_ctrl_c,
    )


def finish(
    folder: Path, *options: str, token: str | None = TOKEN, command: Sequence[str] = _SUITE, **environment: str
) -> Finished:
    """Runs a command to its end, and keeps what came of it in the folder."""
    with start(*options, f"--report-dir={folder / _REPORTS}", token=token, command=command, **environment) as process:
        said, _ = process.communicate(timeout=_TIMEOUT)
    return keep(folder, process.returncode, said)


def keep(folder: Path, code: int, said: str) -> Finished:
    """Writes what came of a command to the folder, for `read_finished`."""
    folder.mkdir(exist_ok=True)
    (folder / _EXIT_CODE).write_text(str(code))
    (folder / _OUTPUT).write_text(said)
    return read_finished(folder)


def read_finished(folder: Path) -> Finished:
    """Reads what came of a command, which may have run in another process of the tests."""
    code, said = (folder / _EXIT_CODE).read_text(), (folder / _OUTPUT).read_text()
    return Finished(int(code), said, folder / _REPORTS)
