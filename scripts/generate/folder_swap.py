"""The replacement of one folder by another, in one step."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from typing import TYPE_CHECKING, Final

from scripts.generate.folder_difference import compare

if TYPE_CHECKING:
    from pathlib import Path

# The errors of file systems and kernels that cannot swap two folders in one step.
_CANNOT_SWAP: Final = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EXDEV}
_AT_FDCWD: Final = -100
_SWAP: Final = 2  # RENAME_EXCHANGE on Linux, RENAME_SWAP on macOS


def replace_folder(target: Path, new: Path) -> None:
    """Swaps `target` with `new`, a folder of the same file system.

    Linux and macOS swap two folders in one step, so that a process killed at any moment leaves one whole folder. Other
    file systems (overlays, some network ones) cannot: there files are replaced one by one, and put back on an error.
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
