"""Two folders compared, and one put in the place of the other in one step."""

from __future__ import annotations

import ctypes
import difflib
import errno
import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What file systems and kernels answer that cannot swap two folders in one step.
_CANNOT_SWAP: Final = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EXDEV}
_AT_FDCWD: Final = -100
_SWAP: Final = 2  # RENAME_EXCHANGE on Linux, RENAME_SWAP on macOS


@dataclass(frozen=True)
class Difference:
    """A file that is not as it should be: its path within the folder, what it holds and what it should hold."""

    path: str
    actual: bytes | None
    expected: bytes | None

    @property
    def kind(self) -> Literal["missing", "extra", "changed"]:
        """In which way it differs."""
        if self.actual is None:
            return "missing"
        return "extra" if self.expected is None else "changed"

    def unified(self) -> str:
        """The difference as a unified diff, from what the file holds to what it should hold."""
        old, new = (
            (content or b"").decode(errors="replace").splitlines(keepends=True)
            for content in (self.actual, self.expected)
        )
        return "".join(difflib.unified_diff(old, new, f"{self.path} (committed)", f"{self.path} (generated)"))


def compare(actual: Path, expected: Path) -> list[Difference]:
    """Every file in which two folders differ, by path. What Python caches does not count."""
    old, new = dict(_read(actual)), dict(_read(expected))
    return [
        Difference(path, old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    ]


def replace_folder(target: Path, new: Path) -> None:
    """Puts `new`, a folder of the same file system, in the place of `target`, and what was there in the place of `new`.

    Linux and macOS swap both names in one step, so that a process killed at any moment leaves one whole folder. Where
    the file system cannot (overlay file systems, some network ones), files are replaced one by one, and put back when
    that fails.
    """
    if not target.exists():
        new.rename(target)
        return
    try:
        _swap(target, new)
    except OSError as error:
        if error.errno not in _CANNOT_SWAP:
            raise
        _replace_files(target, new)


def _swap(first: Path, second: Path) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        failed = library.renamex_np(bytes(first), bytes(second), _SWAP)
    else:
        failed = library.renameat2(_AT_FDCWD, bytes(first), _AT_FDCWD, bytes(second), _SWAP)
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(first))


def _replace_files(target: Path, new: Path) -> None:
    backup = new.with_name(f"{new.name}-backup")
    shutil.copytree(target, backup)
    try:
        _mirror(new, target)
    except BaseException:
        _mirror(backup, target)
        raise


def _mirror(source: Path, target: Path) -> None:
    for difference in compare(target, source):
        file = target / difference.path
        if difference.expected is None:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f".{file.name}.new")
        beside.write_bytes(difference.expected)
        beside.replace(file)


def _read(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file.relative_to(folder).as_posix(), file.read_bytes()
