"""The version that changes demand, and its entry in the changelog.

Versions are semantic. Below 1.0.0 a breaking change demands the next minor version, and a compatible one the next
patch. From 1.0.0 on they demand the next major and the next minor version. An editorial change demands none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from spec.reader import value_or_absent

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from scripts.drift.differences import Impact
    from spec.reader import Place, Spec

Version = tuple[int, int, int]

POINTER: Final = "/info/version"
_FORM: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


@dataclass(frozen=True)
class Bump:
    """The versions of the base (if any) and of the spec, the lowest one allowed, and what is wrong with the spec's."""

    before: str | None
    written: str
    required: str
    problems: tuple[str, ...]
    place: Place
    changelog: Path


def judge_version(spec: Spec, base: Spec | None, impacts: Collection[Impact]) -> Bump:
    """Compares the spec's version with the one that its changes demand, and looks for its entry in CHANGELOG.md."""
    changelog, place = spec.path.with_name("CHANGELOG.md"), spec.place(POINTER)
    written = str(value_or_absent(spec.document, POINTER))
    before = str(value_or_absent(base.document, POINTER)) if base else None
    now, then = parse(written), parse(before or "")
    if now is None:
        return Bump(before, written, written, (f"{written!r} is not a version of the form 1.2.3",), place, changelog)
    least = next_version(then, impacts) if then else now
    required = ".".join(map(str, max(now, least)))
    problems = [] if now >= least else [_too_low(written, before, required, impacts)]
    if not has_entry(changelog.read_text(errors="replace") if changelog.is_file() else "", required):
        problems.append(f"{changelog} has no entry of {required}: write one below a line `## {required}`")
    return Bump(before, written, required, tuple(problems), place, changelog)


def parse(text: str) -> Version | None:
    """The three numbers of a version, or None if the text is no version."""
    match = _FORM.fullmatch(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def next_version(version: Version, impacts: Collection[Impact]) -> Version:
    """The lowest version that may follow `version` with changes of these impacts."""
    major, minor, patch = version
    if "breaking" in impacts:
        return (0, minor + 1, 0) if major == 0 else (major + 1, 0, 0)
    if "compatible" in impacts:
        return (0, minor, patch + 1) if major == 0 else (major, minor + 1, 0)
    return version


def has_entry(changelog: str, version: str) -> bool:
    """True if a changelog has text below a heading with the version."""
    entry = re.search(rf"(?m)^##\s+\[?v?{re.escape(version)}\b(?![.\d-]).*\n((?:(?!##?\s).*\n?)*)", changelog)
    return entry is not None and bool(entry[1].strip())


def _too_low(written: str, before: str | None, required: str, impacts: Collection[Impact]) -> str:
    worst = next((impact for impact in ("breaking", "compatible") if impact in impacts), None)
    reason = f"a {worst} change since {before}" if worst else f"{before} is taken, and versions do not go back"
    return f"the version is {written}, but must be {required} or more ({reason}): write `version: {required}`"
