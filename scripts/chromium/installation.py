"""The installation of a Chromium on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The commands that start a Chromium."""
BY_HAND: Final = "No Chromium is installed. On Debian, install it with: sudo apt-get install chromium"
_SHOWN: Final = 5
"""How many lines of a failed command are shown."""


class ChromiumError(Exception):
    """Chromium could not be installed. `str()` is the whole message for the user."""


def find_chromium() -> str | None:
    """The path of a Chromium; None if none is installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def install() -> bool:
    """Installs Debian's Chromium unless one is there. Returns False if that takes rights that are not given.

    Raises:
        ChromiumError: apt failed.
    """
    if find_chromium():
        return True
    rights = _rights()
    if rights is None:
        return False
    for command in (["apt-get", "update", "--quiet"], ["apt-get", "install", "--quiet", "--yes", "chromium"]):
        done = _run([*rights, *command])
        if done.returncode:
            last = done.stdout.strip().splitlines()[-_SHOWN:]
            raise ChromiumError("\n".join([f"`{' '.join(command)}` failed. Its last lines:", *last, BY_HAND]))
    return True


def _rights() -> list[str] | None:
    """The beginning of a command that may install packages; None if none may."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    may_sudo = shutil.which("sudo") and not _run(["sudo", "--non-interactive", "true"]).returncode
    return ["sudo", "--non-interactive"] if may_sudo else None


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
