"""Servers of other making that run on Node.js. npm installs them once, by the lock in `tests/data/innocent/`."""

from __future__ import annotations

import shutil
import subprocess
from collections import deque
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Final

from scripts.environment import tool_environment
from scripts.redocly.installation import install_locked
from scripts.redocly.node import node_folder
from spec.paths import ROOT, SPEC
from tests.support.shared import shared_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

LOCKED: Final = ROOT / "tests" / "data" / "innocent"
_PRISM: Final = "node_modules/@stoplight/prism-cli/dist/index.js"


def install_servers(factory: pytest.TempPathFactory) -> Path:
    """The folder with the scripts of the servers and the packages that they need."""
    return shared_folder(factory, "innocent", _install) / "servers"


def _install(folder: Path) -> None:
    install_locked(LOCKED, folder / "servers")
    for script in LOCKED.glob("*.mjs"):
        shutil.copy(script, folder / "servers")


@contextmanager
def express(folder: Path, token: str, *options: str) -> Iterator[str]:
    """Serves `express.mjs`, which takes this token; gives its URL."""
    with _serving(folder, "express.mjs", str(SPEC), token, *options) as url:
        yield url


@contextmanager
def prism(folder: Path) -> Iterator[str]:
    """Serves Prism's mock of the spec, which takes any token; gives its URL."""
    with _serving(folder, _PRISM, "mock", str(SPEC), "--port", "0") as url:
        yield url


@contextmanager
def _serving(folder: Path, script: str, *arguments: str) -> Iterator[str]:
    """Runs a script that says where it listens; gives that URL."""
    command = [str(node_folder() / "bin" / "node"), script, *arguments]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=tool_environment(NO_COLOR="1"),
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            url = next(_urls(process))
            Thread(target=deque, args=(process.stdout, 0), daemon=True).start()  # or its log would fill the pipe
            yield url
        finally:
            process.kill()


def _urls(process: subprocess.Popen[str]) -> Iterator[str]:
    """Yields the URLs that a process prints. Raises StopIteration if it ends before that."""
    for line in process.stdout or ():
        _, scheme, rest = line.strip().partition("http://127.0.0.1:")
        if rest.isdigit():
            yield scheme + rest
