"""Generates the models and the client under generated/ from spec/openapi.yaml.

All or nothing: whatever goes wrong, generated/ stays as it was. With --check nothing is written: generated/ is compared
with what the spec generates now.

exit codes:
  0  generated/ is fresh, or was made so
  1  nothing could be generated: the spec is unsound, a generator failed, or the disk is full
  4  with --check: generated/ is stale
  130  interrupted
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scripts.generate.generators import GenerationError, generate_into
from scripts.generate.tree import Difference, compare, replace_folder
from spec.reader import Spec, SpecError, read_spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = Path(__file__).resolve().parents[2]
FRESH: Final = 0
FAILED: Final = 1
STALE: Final = 4
INTERRUPTED: Final = 130
_DIFF_LINES: Final = 200
_DONE: Final = {"missing": "added", "extra": "removed", "changed": "changed"}


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says and returns the exit code."""
    options = _parse(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    try:
        differences = update(read_spec(options.spec), options.output, check=options.check)
    except KeyboardInterrupt:
        print(f"\ninterrupted: {short(options.output)}/ is as it was", file=sys.stderr)
        return INTERRUPTED
    except (SpecError, GenerationError, OSError) as error:
        print(f"{error}\n\nnothing generated: {short(options.output)}/ is as it was", file=sys.stderr)
        return FAILED
    print(_report(differences, short(options.output), check=options.check, seconds=time.monotonic() - started))
    return STALE if options.check and differences else FRESH


def update(spec: Spec, output: Path, *, check: bool) -> list[Difference]:
    """Generates, and unless `check` is set puts the result in the place of `output` if it differs.

    Returns the differences between `output`, as it was, and what the spec generates.

    Raises:
        SpecError, GenerationError, OSError: nothing was generated, and `output` is untouched.
    """
    if not check:
        _check_output(output)
    with _workshop(None if check else output.parent) as folder:
        new = folder / "generated"
        generate_into(new, spec, folder / "scratch")
        differences = compare(output, new)
        if differences and not check:
            replace_folder(output, new)
    return differences


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s generate --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare only; write nothing")
    parser.add_argument("--spec", type=Path, default=ROOT / "spec" / "openapi.yaml", help="default: spec/openapi.yaml")
    parser.add_argument("--output", type=Path, default=ROOT / "generated", help="default: generated")
    options = parser.parse_args(argv)
    options.spec, options.output = short(options.spec), Path(os.path.abspath(options.output))  # noqa: PTH100 - links stay
    return options


def _check_output(output: Path) -> None:
    """Raises OSError if what stands at `output` was not generated: it would be lost."""
    is_ours = output.is_dir() and ((output / "provenance.json").is_file() or not any(output.iterdir()))
    if output.exists() and not is_ours:
        raise FileExistsError(f"{short(output)} is refused: what is there was not generated, and would be lost")
    if not output.parent.is_dir():
        raise FileNotFoundError(f"{short(output)} cannot be written: there is no folder {output.parent}")


@contextmanager
def _workshop(parent: Path | None) -> Iterator[Path]:
    """A folder to work in, in the system's place for such or below `parent`, which goes away whatever happens."""
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
    """Removes the folders that a killed run could not remove itself."""
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


def _report(differences: list[Difference], output: Path, *, check: bool, seconds: float) -> str:
    if not differences:
        return f"fresh: {output}/ is what the spec generates ({seconds:.1f} s)"
    if not check:
        done = [f"  {_DONE[difference.kind]:8} {output / difference.path}" for difference in differences]
        return "\n".join([f"generated: {len(done)} files changed ({seconds:.1f} s)", *done])
    listed = [f"  {difference.kind:8} {output / difference.path}" for difference in differences]
    lines = "".join(difference.unified() for difference in differences).splitlines()
    cut = [f"... {len(lines) - _DIFF_LINES} more lines"] if len(lines) > _DIFF_LINES else []
    command = "to mend it, run `nox -s generate` and commit generated/"
    headline = f"stale: {output}/ is not what the spec generates ({seconds:.1f} s)"
    return "\n".join([headline, *listed, "", *lines[:_DIFF_LINES], *cut, "", command])


def short(path: Path) -> Path:
    """A path as the user would write it here."""
    path = Path(os.path.abspath(path))  # noqa: PTH100 - a link that loops has no other path
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    raise SystemExit(main())
