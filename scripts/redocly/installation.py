"""The installation of Redocly CLI in this Python environment."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from scripts.redocly.node import RedoclyError, node_folder, run_node
from spec.paths import ROOT

_HOME: Final = Path(sys.prefix) / "redocly"
_LOCK: Final = "package-lock.json"
_CLI: Final = Path("node_modules", "@redocly", "cli", "bin", "cli.js")
_NPM: Final = Path("lib", "node_modules", "npm", "bin", "npm-cli.js")
_NPM_OPTIONS: Final = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--fetch-retries=1")
_NPM_TIMEOUT: Final = 600.0


def cli() -> Path:
    """Redocly CLI's script.

    Raises:
        RedoclyError: the locked version is not installed.
    """
    if not _is_installed():
        raise RedoclyError(
            "Redocly CLI is not installed in this Python environment, or not in the locked version.\n"
            "Run `nox -s drift`, which installs it; or, in an environment with the dependency group `drift`,\n"
            "run `python -m scripts.redocly` once."
        )
    return _HOME / _CLI


def package(name: str) -> Path:
    """The folder of another npm package that is installed beside Redocly CLI.

    Raises:
        RedoclyError: the locked versions are not installed.
    """
    cli()
    return _HOME / "node_modules" / name


def install() -> None:
    """Installs the locked version unless it is there, whole or not at all.

    Raises:
        RedoclyError: there is no Node.js in this environment, or npm failed.
        OSError: the environment cannot be written.
    """
    if _is_installed():
        return
    npm = node_folder() / _NPM
    with tempfile.TemporaryDirectory(prefix=".redocly-", dir=_HOME.parent) as name:
        folder = Path(name, "new")
        folder.mkdir()
        for file in ("package.json", _LOCK):
            shutil.copy(ROOT / file, folder)
        done = run_node(npm, "ci", *_NPM_OPTIONS, cwd=folder, timeout=_NPM_TIMEOUT)
        if done.returncode:
            raise RedoclyError(f"npm ended with {done.returncode}:\n{done.stderr.strip()}")
        if _HOME.exists():
            _HOME.rename(Path(name, "old"))
        folder.rename(_HOME)


def _is_installed() -> bool:
    lock = _HOME / _LOCK
    return (_HOME / _CLI).is_file() and lock.is_file() and lock.read_bytes() == (ROOT / _LOCK).read_bytes()
