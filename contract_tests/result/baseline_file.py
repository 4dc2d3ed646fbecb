"""The file of a baseline. People review its changes, so it is indented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.result.baseline import Baseline
from contract_tests.result.part import encode_part
from contract_tests.result.reading import read_model

if TYPE_CHECKING:
    from pathlib import Path


def read_baseline(path: Path) -> Baseline:
    """Reads a baseline. Raises FileError."""
    remedy = "--accept writes such a file: it accepts causes of the last run."
    return read_model(Baseline, path, "--baseline", "a baseline", remedy)


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Writes a baseline. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{encode_part(baseline, indent=2)}\n", encoding="utf-8")
