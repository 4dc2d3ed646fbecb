"""The update of a folder of generated code: all or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.generate.folder_difference import Difference, compare
from scripts.generate.folder_swap import replace_folder
from scripts.generate.packages import generate_into
from scripts.generate.staged import compare_staged
from spec.paths import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.reader import Spec


def update(spec: Spec, output: Path, *, check: bool, allow_missing: bool = False) -> list[Difference]:
    """Generates code from a spec and, unless `check` is set, replaces `output` by it if they differ.

    With `allow_missing`, stubs stand for the operations that the client cannot have.

    Returns:
        The differences between `output`, as it was, and the code that the spec generates. With `check`, those of
        git's index follow.

    Raises:
        SpecError, GenerationError, OSError: nothing was generated, and `output` is untouched.
    """
    if not check:
        _check_output(output)
    with _workshop(None if check else output.parent) as folder:
        new = folder / "generated"
        generate_into(new, spec, folder / "scratch", allow_missing=allow_missing)
        differences = compare(output, new)
        if check:
            seen = {difference.path for difference in differences}
            differences += [each for each in compare_staged(spec, output, new) if each.path not in seen]
        elif differences:
            replace_folder(output, new)
    return differences


def _check_output(output: Path) -> None:
    """Raises OSError if `output` holds anything but generated code, which replacing it would destroy."""
    is_ours = output.is_dir() and ((output / "provenance.json").is_file() or not any(output.iterdir()))
    if output.exists() and not is_ours:
        raise FileExistsError(
            f"{short(output)} is refused: its content was not generated, and would be lost. Choose another folder"
        )
    if not output.parent.is_dir():
        raise FileNotFoundError(f"{short(output)} cannot be written: there is no folder {output.parent}")


@contextmanager
def _workshop(parent: Path | None) -> Iterator[Path]:
    """A temporary folder, below `parent` or else in the system's place. It is removed whatever happens."""
    prefix = f".generated-{os.getpid()}-"
    if parent:
        _remove_abandoned(parent)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        (folder / "scratch").mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(parent: Path) -> None:
    """Removes the temporary folders that killed runs left."""
    for folder in parent.glob(".generated-*-*"):
        owner = folder.name.split("-")[1]
        if owner.isdigit() and not _is_running(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
