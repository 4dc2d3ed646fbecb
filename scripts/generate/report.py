"""The outcome of a generation as text for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.generate.folder_difference import Difference

_DIFF_LINES: Final = 200
_DONE: Final = {"missing": "added", "extra": "removed", "changed": "changed"}


def report(differences: list[Difference], output: Path, *, check: bool, seconds: float) -> str:
    """The text for the differences that were found (`check`) or have been removed by writing."""
    if not differences:
        return f"fresh: {output}/ is what the spec generates ({seconds:.1f} s)"
    return _stale(differences, output, seconds) if check else _generated(differences, output, seconds)


def _generated(differences: list[Difference], output: Path, seconds: float) -> str:
    done = [f"  {_DONE[difference.kind]:8} {output / difference.path}" for difference in differences]
    return "\n".join([f"generated: {len(done)} files changed ({seconds:.1f} s)", *done])


def _stale(differences: list[Difference], output: Path, seconds: float) -> str:
    headline = f"stale: {output}/ is not what the spec generates ({seconds:.1f} s)"
    listed = [f"  {difference.kind:8} {output / difference.path}{difference.note}" for difference in differences]
    lines = "".join(difference.unified() for difference in differences).splitlines()
    rest = len(lines) - _DIFF_LINES
    cut = [f"... {rest} more lines"] if rest > 0 else []
    command = "To update it, run `nox -s generate` and commit generated/."
    return "\n".join([headline, *listed, "", *lines[:_DIFF_LINES], *cut, "", command])
