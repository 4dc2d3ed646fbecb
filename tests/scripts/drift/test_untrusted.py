"""Code that a pull request puts into generated/ does not run in the gate, whatever it is called."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.conftest import ROOT
from tests.support.repositories import git, start
from tests.support.sessions import record

if TYPE_CHECKING:
    from pathlib import Path

OURS: Final = ("generated", "redocly.yaml", "package.json", "package-lock.json", "scripts", "spec")
"""What the gate needs of this repository."""
COMMITTED: Final = ("yaml.py", "sitecustomize.py", "orjson.py", "voiceos_models/__pycache__/models.cpython-311.pyc")
UNTRACKED: Final = ("jsonschema_rs.py", "usercustomize.py")


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "ran"


@pytest.fixture
def project(tmp_path: Path, marker: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of this project, in whose generated/ every foreign module says that it ran."""
    folder = tmp_path / "project"
    for name in OURS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (folder / name).parent.mkdir(exist_ok=True)
        copy(ROOT / name, folder / name)
    for cache in [*folder.rglob("__pycache__")]:
        shutil.rmtree(cache)
    elsewhere = folder / "scripts" / "elsewhere"
    for file in (elsewhere / "__init__.py", *(folder / "generated" / name for name in COMMITTED)):
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"open({str(marker)!r}, 'a').write(__name__)")
    (folder / "generated" / "ruff").symlink_to(elsewhere)
    start(folder)
    git(folder, "add", "--force", "generated")
    for name in UNTRACKED:
        (folder / "generated" / name).write_text(f"open({str(marker)!r}, 'a').write(__name__)")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return folder


@pytest.mark.slow
def test_the_gate_names_foreign_files_of_generated_and_runs_none(
    project: Path, marker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = record(monkeypatch, tmp_path, "drift")
    (command,) = (run for run in session.runs if run[:3] == ("python", "-m", "scripts.drift"))
    monkeypatch.chdir(project)
    done = subprocess.run(
        [sys.executable, *command[1:], "--base", "HEAD", "--format", "json"],
        check=False,
        env=session.environment(),
        capture_output=True,
        text=True,
    )
    assert not marker.exists(), marker.read_text()
    assert done.returncode == 4, done.stdout + done.stderr
    for name in (*COMMITTED, *UNTRACKED, "ruff"):
        assert f'"path": "{name}"' in done.stdout


def test_the_foreign_modules_would_say_that_they_ran(project: Path, marker: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", "import yaml"], check=True, env={"PYTHONPATH": str(project / "generated")}, cwd=project
    )
    assert "yaml" in marker.read_text()
