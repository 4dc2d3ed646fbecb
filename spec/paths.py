"""The project's places, and paths in the form that a user would type."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
SPEC: Final = ROOT / "spec" / "openapi.yaml"
GENERATED: Final = ROOT / "generated"


def short(path: Path) -> Path:
    """The path relative to the current folder if it is inside it, else the absolute path."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would fail for a link that loops
    return absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute
