"""The noxfile's sessions, run without environments: what they would install, and what they would run."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, NoReturn

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


@dataclass
class Recorder:
    """Stands in for a `nox.Session`. Its environment is an empty folder."""

    folder: Path
    posargs: tuple[str, ...] = ()
    env: dict[str, str | None] = field(default_factory=dict)
    installed: list[tuple[str, ...]] = field(default_factory=list)
    """The arguments of each `install`."""
    runs: list[tuple[str, ...]] = field(default_factory=list)
    """The arguments of each `run`."""

    def __post_init__(self) -> None:
        self.site.mkdir(parents=True)

    @property
    def site(self) -> Path:
        """The folder for installed packages."""
        return self.folder / "lib" / "python3.11" / "site-packages"

    @property
    def virtualenv(self) -> SimpleNamespace:
        """The session's environment, as far as the noxfile asks for it."""
        return SimpleNamespace(location=str(self.folder))

    def install(self, *arguments: str) -> None:
        """Notes what is to be installed."""
        self.installed.append(arguments)

    def run(self, *arguments: str, **_: object) -> None:
        """Notes what is to be run."""
        self.runs.append(arguments)

    def create_tmp(self) -> str:
        """A folder for the session."""
        return str(self.folder)

    def error(self, message: str) -> NoReturn:
        """Ends the session."""
        raise AssertionError(message)

    def environment(self) -> dict[str, str]:
        """The variables that the session's commands see."""
        return {name: value for name, value in (os.environ | self.env).items() if value is not None}


def load_noxfile(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The noxfile as a module, read where nox reads it: in the repository's folder."""
    monkeypatch.chdir(ROOT)
    return importlib.import_module("noxfile")


def record(monkeypatch: pytest.MonkeyPatch, folder: Path, session: str) -> Recorder:
    """Runs a session of the noxfile, and gives what it would do."""
    recorder = Recorder(folder / session)
    getattr(load_noxfile(monkeypatch), session)(recorder)
    return recorder
