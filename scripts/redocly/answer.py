"""The answers of Redocly CLI's commands, as data."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scripts.processor_time import EXCEEDED, describe_limit
from scripts.redocly.installation import cli
from scripts.redocly.node import RedoclyError, run_node
from scripts.redocly.settings import checked_settings
from spec.paths import ROOT

if TYPE_CHECKING:
    import subprocess

CONFIG: Final = ROOT / "redocly.yaml"
TIMEOUT: Final = 60.0
"""The longest time that a command of Redocly CLI may take, in seconds."""
_SHOWN: Final = 2000


class RedoclySlowError(RedoclyError):
    """Redocly CLI used up its processor time: the document is too large for it."""


def call(*arguments: str | Path) -> dict[str, Any]:
    """The JSON that a command of Redocly CLI prints. The command must be one that changes nothing.

    Raises:
        RedoclySlowError: it used up its processor time.
        RedoclyError: its settings are refused, or it is not installed, took too long, or printed no JSON.
    """
    done = run(*arguments, "--format=json")
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise failure(done, str(arguments[0])) from error
    return dict(answer)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs a command of Redocly CLI, whose paths must be absolute.

    It runs in a folder that holds its settings alone: elsewhere it would read a file of exceptions, and `.env`.

    Raises:
        RedoclySlowError: it used up its processor time.
        RedoclyError: its settings are refused, or it is not installed, or took too long.
    """
    with tempfile.TemporaryDirectory(prefix="redocly-") as name:
        config = Path(name, CONFIG.name)
        config.write_text(checked_settings(CONFIG), encoding="utf-8")
        command = (*arguments, f"--config={config}")
        done = run_node(cli(), *command, cwd=config.parent, timeout=TIMEOUT, is_limited=True)
    if done.returncode == EXCEEDED:
        raise RedoclySlowError(f"`redocly {arguments[0]}` was still at work after {describe_limit()}")
    return done


def failure(done: subprocess.CompletedProcess[str], command: str) -> RedoclyError:
    """The error that says how a command failed."""
    return RedoclyError(f"`redocly {command}` failed (exit {done.returncode}). Its last lines:\n{_last_lines(done)}")


def _last_lines(done: subprocess.CompletedProcess[str]) -> str:
    """The end of the output, without the places in Redocly CLI's own code."""
    lines = (done.stderr or done.stdout).strip().splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("at "))[-_SHOWN:]
