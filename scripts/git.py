"""A git repository, as its commands tell it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


# Variables by which hooks and wrappers lead git to another repository or other objects than those of the folder.
_ELSEWHERE: Final = {
    *("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_DIR", "GIT_GRAFT_FILE"),
    *("GIT_IMPLICIT_WORK_TREE", "GIT_NAMESPACE", "GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"),
    *("GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_WORK_TREE"),
}


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
        environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        try:
            done = subprocess.run(  # noqa: S603 - no shell
                command, check=False, capture_output=True, stdin=subprocess.DEVNULL, env=environment
            )
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
