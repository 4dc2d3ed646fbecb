"""Installs Debian's Chromium where no Chromium is, for the tests that look at reports as people do.

It takes apt, and the rights of root or sudo without a password. Without these it says how to install it by hand; the
tests that need it are then skipped, and fail in CI.

exit codes:
  0  a Chromium is there, or has to be installed by hand
  1  apt failed
  130  interrupted
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from scripts.exit_codes import FAILED, FRESH, INTERRUPTED
from spec.output import say

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The commands that start a Chromium."""
BY_HAND: Final = "No Chromium is installed. On Debian, install it with: sudo apt-get install chromium"


def find_chromium() -> str | None:
    """The path of a Chromium; None if none is installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that the module's docstring describes, and returns its exit code."""
    argparse.ArgumentParser(
        prog="python -m scripts.chromium", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(argv)
    if find_chromium():
        return FRESH
    rights = _rights()
    if rights is None:
        say(BY_HAND, file=sys.stderr)
        return FRESH
    try:
        return _install(rights)
    except KeyboardInterrupt:
        say("\ninterrupted: run it again", file=sys.stderr)
        return INTERRUPTED


def _rights() -> list[str] | None:
    """The beginning of a command that may install packages; None if none may."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    may_sudo = shutil.which("sudo") and not _run(["sudo", "--non-interactive", "true"]).returncode
    return ["sudo", "--non-interactive"] if may_sudo else None


def _install(rights: Sequence[str]) -> int:
    for command in (["apt-get", "update", "--quiet"], ["apt-get", "install", "--quiet", "--yes", "chromium"]):
        done = _run([*rights, *command])
        if done.returncode:
            last = done.stdout.strip().splitlines()[-5:]
            say("\n".join([f"`{' '.join(command)}` failed:", *last, BY_HAND]), file=sys.stderr)
            return FAILED
    return FRESH


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own commands, no shell
        command,
        check=False,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
