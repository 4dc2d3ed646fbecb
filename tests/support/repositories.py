"""Small git repositories to try commands in."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

THINGS = (ROOT / "tests" / "data" / "things.yaml").read_text()
"""A spec that is clean and small, and not this project's."""


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    identity = ("-c", "user.name=Someone", "-c", "user.email=someone@localhost", "-c", "commit.gpgsign=false")
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, message: str) -> None:
    """Commits all that there is, if only its absence."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", f"--message={message}")


def write_spec(folder: Path, text: str) -> None:
    """Puts a spec where the project has it."""
    (folder / "spec").mkdir(parents=True, exist_ok=True)
    (folder / "spec" / "openapi.yaml").write_text(text)


def start(folder: Path) -> Path:
    """Makes a repository whose first commit, on main, holds all that stands in the folder."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, "first")
    return folder
