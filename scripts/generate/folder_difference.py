"""The differences between two folders."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from pathlib import Path

CACHE: Final = "__pycache__"
"""The name of the folders in which Python keeps compiled modules."""


@dataclass(frozen=True)
class Difference:
    """A file that differs: its path within the folder, and its actual and expected content; None if it is absent."""

    path: str
    actual: bytes | None
    expected: bytes | None
    is_staged: bool = False
    """True if git's index differs, and the folder itself does not."""

    @property
    def kind(self) -> Literal["missing", "extra", "changed"]:
        """The way in which it differs."""
        if self.actual is None:
            return "missing"
        return "extra" if self.expected is None else "changed"

    @property
    def note(self) -> str:
        """The words that follow its path in a list."""
        return " (in git's index)" if self.is_staged else ""

    def unified(self) -> str:
        """The unified diff from the actual to the expected content."""
        old, new = (
            (content or b"").decode(errors="replace").splitlines(keepends=True)
            for content in (self.actual, self.expected)
        )
        return "".join(difflib.unified_diff(old, new, f"{self.path} (committed)", f"{self.path} (generated)"))


def compare(actual: Path, expected: Path) -> list[Difference]:
    """The files that differ between two folders, by path: first the extra ones, which somebody else put there.

    Caches that Python wrote are ignored.
    """
    old, new = read_folder(actual), read_folder(expected)
    paths = sorted(old.keys() | new.keys(), key=lambda path: (path in new, path))
    return [Difference(path, old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)]


def read_folder(folder: Path) -> dict[str, bytes]:
    """The content of each file of a folder, by path. In place of links and devices, it has a text that says so."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_symlink() or not file.is_dir())
    return {file.relative_to(folder).as_posix(): _content(file) for file in files if not _is_cached(file)}


def _content(file: Path) -> bytes:
    if file.is_symlink():
        return b"a link to " + os.fsencode(file.readlink())
    return file.read_bytes() if file.is_file() else b"neither a file nor a folder"


def _is_cached(file: Path) -> bool:
    """True for a cache of Python: it takes a module from there only if it finds the source beside it."""
    return file.parent.name == CACHE and ".pyc" in file.suffixes and file.is_file() and not file.is_symlink()
