"""A git repository, as its commands tell it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class GitError(Exception):
    """git is not installed. `str()` says so."""


@dataclass(frozen=True)
class Entry:
    """A file in git's index: its path, seen from the folder that was asked for, its mode in octal digits, its hash."""

    path: str
    mode: str
    sha: str

    @property
    def is_regular(self) -> bool:
        """True for a file, and False for a link or another repository."""
        return self.mode.startswith("100")


@dataclass(frozen=True)
class Repository:
    """The git repository that a folder is in, if it is in one."""

    folder: Path

    def run(self, *arguments: str) -> bytes | None:
        """The output of a git command, or None if it fails. Raises GitError."""
        command = ["git", "-C", str(self.folder), *arguments]
        try:
            done = subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL)  # noqa: S603 - no shell
        except FileNotFoundError as error:
            raise GitError("git is not installed") from error
        return None if done.returncode else done.stdout

    def line(self, *arguments: str) -> str:
        """The output of a git command without line ends, or nothing if it fails."""
        return (self.run(*arguments) or b"").decode(errors="replace").strip()

    def commit(self, revision: str) -> str:
        """The id of the commit that a revision names, or nothing if this clone lacks it."""
        return self.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")

    def index(self, name: str) -> Iterator[Entry]:
        """Yields the files that git's index has at or below `name`, a file or folder of this folder."""
        listed = self.run("--literal-pathspecs", "ls-files", "--stage", "-z", "--", name) or b""
        for line in filter(None, listed.split(b"\0")):
            (mode, sha, _), path = line.partition(b"\t")[0].decode().split(), line.partition(b"\t")[2]
            yield Entry(path.decode(errors="surrogateescape"), mode, sha)
