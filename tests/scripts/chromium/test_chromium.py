"""Chromium is installed where it is missing, as far as that is allowed."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from scripts.chromium.__main__ import main
from scripts.chromium.installation import BY_HAND, find_chromium

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder of commands: it has a shell alone."""
    (tmp_path / "sh").symlink_to(shutil.which("sh") or "/bin/sh")
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def add(folder: Path, name: str, script: str) -> None:
    command = folder / name
    command.write_text(f"#!/bin/sh\necho {name} $* >> {folder}/calls\n{script}\n")
    command.chmod(0o755)


def called(folder: Path) -> list[str]:
    file = folder / "calls"
    return file.read_text().splitlines() if file.exists() else []


def test_where_one_is_there_nothing_is_installed(commands: Path) -> None:
    add(commands, "apt-get", "")
    add(commands, "google-chrome", "")
    assert main([]) == 0
    assert called(commands) == []
    assert find_chromium() == str(commands / "google-chrome")


def test_root_installs_debians_package(commands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    add(commands, "apt-get", "")
    assert main([]) == 0
    assert called(commands) == ["apt-get update --quiet", "apt-get install --quiet --yes chromium"]


def test_a_user_with_sudo_installs_it_too(commands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    add(commands, "apt-get", "")
    add(commands, "sudo", "")
    assert main([]) == 0
    assert called(commands)[-1] == "sudo --non-interactive apt-get install --quiet --yes chromium"


@pytest.mark.parametrize("there", [(), ("apt-get",), ("sudo",)])
def test_without_the_rights_it_says_how_to_install_it_by_hand(
    commands: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], there: tuple[str, ...]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    for name in there:
        add(commands, name, "exit 1")
    assert main([]) == 0
    assert BY_HAND in capsys.readouterr().err


def test_the_last_lines_of_a_failure_are_told(
    commands: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    add(commands, "apt-get", "echo E: no network; exit 100")
    assert main([]) == 1
    said = capsys.readouterr().err
    assert "`apt-get update --quiet` failed" in said
    assert "E: no network" in said
    assert BY_HAND in said
