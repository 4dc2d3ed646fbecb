"""The gate's report: as data, as a verdict, and as an exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.exit_codes import FAILED, FRESH, STALE

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.drift.differences import Change, Impact
    from scripts.drift.version import Bump
    from scripts.generate.folder_difference import Difference
    from spec.reader import SpecError


@dataclass(frozen=True)
class Explained:
    """A change, with its names in the generated code."""

    change: Change
    names: tuple[str, ...]
    """Attributes, classes and modules, each with its package: `voiceos_models.CreateCall.to_number`."""


@dataclass(frozen=True)
class Report:
    """Everything that the gate found."""

    spec: Path
    output: Path
    errors: tuple[SpecError, ...] = ()
    """The problems that make the spec unsound, one error for each file."""
    failures: tuple[str, ...] = ()
    """The reasons why something could not be judged, each as a message for the user."""
    style: SpecError | None = None
    """The findings about style, which change neither verdict nor exit code."""
    stale: tuple[Difference, ...] = ()
    base: str | None = None
    """The name of the base; None if nothing was compared."""
    has_base: bool = False
    """True if the base has a spec."""
    unsound_base: SpecError | None = None
    """The problems of the base itself, which change neither verdict nor exit code: this change may mend them."""
    changes: tuple[Explained, ...] = ()
    bump: Bump | None = None
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """The exit code of the command. 1 takes precedence over 4."""
        wrong = self.errors or self.failures or self.version_problems
        return FAILED if wrong else STALE if self.stale else FRESH

    @property
    def version_problems(self) -> tuple[str, ...]:
        """The problems with the version, or with its entry in the changelog."""
        return self.bump.problems if self.bump else ()

    @property
    def verdict(self) -> str:
        """The verdict in a few words: `breaking and stale`, for example."""
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
        """The number of changes of an impact."""
        return sum(explained.change.impact == impact for explained in self.changes)

    def advice(self, impact: Impact) -> str:
        """The advice on a change of this impact."""
        if impact == "editorial" or self.bump is None:
            return "nothing"
        if not self.bump.problems:
            return f"nothing: version {self.bump.written} announces it"
        announce = f"write version {self.bump.required}, and what users must know into {self.bump.changelog}"
        return f"undo it, or {announce}" if impact == "breaking" else announce
