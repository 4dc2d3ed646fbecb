"""What the gate found: as data, and as its exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.drift.differences import Change, Impact
    from scripts.drift.version import Bump
    from scripts.generate.tree import Difference
    from spec.reader import SpecError

FRESH: Final = 0
FAILED: Final = 1
STALE: Final = 4


@dataclass(frozen=True)
class Explained:
    """A change, with what it is called in the generated code."""

    change: Change
    names: tuple[str, ...]
    """Attributes, classes and modules, each with its package: `voiceos_models.CreateCall.to_number`."""


@dataclass(frozen=True)
class Report:
    """All that the gate found."""

    spec: Path
    output: Path
    errors: tuple[SpecError, ...] = ()
    """What makes the spec unsound, a file each."""
    failures: tuple[str, ...] = ()
    """What could not be judged, each in words for the user."""
    stale: tuple[Difference, ...] = ()
    base: str | None = None
    """What the spec was compared with, by name; None if it was not."""
    has_base: bool = False
    """Whether there was a spec then."""
    changes: tuple[Explained, ...] = ()
    bump: Bump | None = None
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """As the command ends: 1 beats 4."""
        wrong = self.errors or self.failures or self.version_problems
        return FAILED if wrong else STALE if self.stale else FRESH

    @property
    def version_problems(self) -> tuple[str, ...]:
        """What is wrong with the version, or its entry in the changelog."""
        return self.bump.problems if self.bump else ()

    @property
    def verdict(self) -> str:
        """The whole in a few words."""
        breaking = self.count("breaking")
        words = {
            "unsound": self.errors,
            "not judged": self.failures,
            "breaking": self.version_problems and breaking,
            "unannounced": self.version_problems and not breaking,
            "stale": self.stale,
        }
        return " and ".join(word for word, is_so in words.items() if is_so) or "fresh"

    def count(self, impact: Impact) -> int:
        """How many changes are of an impact."""
        return sum(explained.change.impact == impact for explained in self.changes)

    def advice(self, impact: Impact) -> str:
        """What to do about a change of an impact."""
        if impact == "editorial" or self.bump is None:
            return "nothing"
        if not self.bump.problems:
            return f"nothing: version {self.bump.written} announces it"
        announce = f"write version {self.bump.required}, and what users must know into CHANGELOG.md"
        return f"undo it, or {announce}" if impact == "breaking" else announce

    def as_json(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "verdict": self.verdict,
            "exit_code": self.exit_code,
            "sound": {"problems": [found for error in self.errors for found in _problems(error)]},
            "failures": list(self.failures),
            "fresh": {
                "folder": str(self.output),
                "differences": [{"kind": entry.kind, "path": entry.path} for entry in self.stale],
            },
            "blessed": {
                "base": self.base,
                "has_base": self.has_base,
                "changes": [self._change(one) for one in self.changes],
            },
            "version": self._version(),
            "seconds": round(self.seconds, 1),
        }

    def _change(self, explained: Explained) -> dict[str, Any]:
        change = explained.change
        return {
            "impact": change.impact,
            "message": change.message,
            "file": str(self.spec),
            "line": change.place.line,
            "column": change.place.column,
            "pointer": change.pointer,
            "operations": [
                {
                    "operation": operation.label,
                    "operation_id": operation.operation_id,
                    "directions": [use.direction for use in change.uses if use.operation.pointer == operation.pointer],
                }
                for operation in change.operations
            ],
            "code": list(explained.names),
            "to_do": self.advice(change.impact),
        }

    def _version(self) -> dict[str, Any] | None:
        bump = self.bump
        if bump is None:
            return None
        return {
            "before": bump.before,
            "written": bump.written,
            "required": bump.required,
            "problems": list(bump.problems),
        }


def _problems(error: SpecError) -> list[dict[str, Any]]:
    lines = error.text.splitlines()
    return [
        {
            "file": str(error.path),
            "line": problem.place.line,
            "column": problem.place.column,
            "message": problem.message,
            "text": lines[problem.place.line - 1].strip() if problem.place.line <= len(lines) else "",
        }
        for problem in error.problems
    ]
