"""A generation without generators, and a command that stops in the middle of one."""

from __future__ import annotations

import errno
import signal
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING
from unittest.mock import patch

from scripts.generate import folder_swap, update
from scripts.generate.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from spec.reader import Spec

AT_WORK = "at work"


def generate_quickly(folder: Path, spec: Spec, _: Path, *, allow_missing: bool = False) -> None:  # noqa: ARG001 - as the real one
    """Writes a file for each schema instead of generated code."""
    (folder / "models").mkdir(parents=True)
    for name, schema in spec.document["components"]["schemas"].items():
        (folder / "models" / f"{name.lower()}.py").write_text(f"class {name}:\n    schema = {schema!r}\n")
    (folder / "provenance.json").write_text("{}\n")


def stop() -> None:
    """Prints that the work has begun, and waits for a signal."""
    print(AT_WORK, flush=True)  # noqa: T201 - a command
    signal.pause()


def run(moment: str, *argv: str) -> int:
    """Runs the command, and stops it while `generating`, or while `replacing` file by file, after the first file."""
    with ExitStack() as patches:
        if moment == "replacing":
            patches.enter_context(patch.object(update, "generate_into", generate_quickly))
            patches.enter_context(patch.object(folder_swap, "_swap", side_effect=OSError(errno.EXDEV, "no swapping")))
            patches.enter_context(patch.object(folder_swap, "_mirror", _stopping_once()))
        else:
            patches.enter_context(patch.object(update, "generate_into", _stop_generating))
        return main(argv)


def _stop_generating(folder: Path, spec: Spec, scratch: Path, *, allow_missing: bool) -> None:
    generate_quickly(folder, spec, scratch, allow_missing=allow_missing)
    stop()


def _stopping_once() -> Callable[[Path, Path], None]:
    """A `_mirror` whose first call stops after one file. The second, which puts everything back, works as always."""
    mirrors = iter([_stop_mirroring, folder_swap._mirror])  # noqa: SLF001 - the step to stop in

    def mirror(source: Path, target: Path) -> None:
        next(mirrors)(source, target)

    return mirror


def _stop_mirroring(source: Path, target: Path) -> None:
    file = next(file for file in sorted(source.rglob("*.py")))
    (target / file.relative_to(source)).write_bytes(file.read_bytes())
    stop()


if __name__ == "__main__":
    raise SystemExit(run(*sys.argv[1:]))
