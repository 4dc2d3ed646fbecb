"""Golden files: whole outputs as the user sees them, under tests/golden/."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pathlib import Path

REWRITE: Final = "--rewrite-golden"
_SECONDS: Final = re.compile(r"\b\d+\.\d+ s\b")


@dataclass(frozen=True)
class Golden:
    """Compares texts with golden files, or writes the files anew."""

    folder: Path
    rewrites: bool

    def __call__(self, name: str, text: str) -> None:
        """Fails the test unless `text` equals the file `<name>.txt`; `name` may hold folders: `drift/breaking`."""
        file = self.folder / f"{name}.txt"
        if self.rewrites:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            return
        expected = file.read_text(encoding="utf-8") if file.exists() else ""
        if text != expected:
            pytest.fail(_difference(name, expected, text), pytrace=False)


def without_seconds(text: str) -> str:
    """The text with each duration as `0.0 s`, so that it is the same on every machine."""
    return _SECONDS.sub("0.0 s", text)


def _difference(name: str, expected: str, text: str) -> str:
    lines = expected.splitlines(keepends=True), text.splitlines(keepends=True)
    shown = "".join(difflib.unified_diff(*lines, f"tests/golden/{name}.txt", "this run"))
    return f"{shown}\nIf this run is right, rewrite the file: nox -s tests -- {REWRITE}"
