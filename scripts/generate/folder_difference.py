"""The differences between two folders."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Difference:
    """A file that differs: its path within the folder, and its actual and expected content; None if it is absent."""

    path: str
    actual: bytes | None
    expected: bytes | None

    @property
    def kind(self) -> Literal["missing", "extra", "changed"]:
        """The way in which it differs."""
        if self.actual is None:
            return "missing"
        return "extra" if self.expected is None else "changed"

    def unified(self) -> str:
        """The unified diff from the actual to the expected content."""
        old, new = (
            (content or b"").decode(errors="replace").splitlines(keepends=True)
            for content in (self.actual, self.expected)
        )
        return "".join(difflib.unified_diff(old, new, f"{self.path} (committed)", f"{self.path} (generated)"))


def compare(actual: Path, expected: Path) -> list[Difference]:
    """The files that differ between two folders, by path. Python's caches are ignored."""
    old, new = dict(_read(actual)), dict(_read(expected))
    return [
        Difference(path, old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    ]


def _read(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file.relative_to(folder).as_posix(), file.read_bytes()
