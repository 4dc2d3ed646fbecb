"""The committed score of the suite against the broken servers. `nox -s kills -- --save` writes it, and runs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from contract_tests.result.course import Power
from contract_tests.result.part import UNREADABLE, Part, decode_part, encode_part
from spec.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

POWER_FILE: Final = ROOT / "contract_tests" / "result" / "power.json"


class Score(Part, frozen=True, kw_only=True):
    """How many broken servers the suite catches."""

    date: str
    """The day on which it was found out, as `2026-01-31`."""
    commit: str
    """The commit of the suite that it was found out with."""
    faults: int
    """How many broken servers there were."""
    caught: int
    """How many are caught with any number of calls."""
    caught_within: dict[int, int]
    """How many are caught with at most so many calls."""

    def with_max_calls(self, max_calls: int | None) -> Power | None:
        """The power of runs that may make so many calls; None where that was never found out."""
        steps = [calls for calls in self.caught_within if max_calls is not None and calls <= max_calls]
        if max_calls is not None and not steps:
            return None
        calls = max(steps) if steps else None
        caught = self.caught if calls is None else self.caught_within[calls]
        return Power(caught=caught, faults=self.faults, max_calls=calls, date=self.date, commit=self.commit)


def read_power(max_calls: int | None, path: Path = POWER_FILE, *, has_limits: bool = False) -> Power | None:
    """The power of a run that may make so many calls; None where the file is not there, or is not one."""
    try:
        power = decode_part(path.read_bytes(), Score).with_max_calls(max_calls)
    except (OSError, *UNREADABLE):
        return None
    return power and structs.replace(power, has_limits=has_limits)


def write_score(score: Score, path: Path = POWER_FILE) -> None:
    """Writes the file. Raises OSError."""
    path.write_text(f"{encode_part(score, indent=2)}\n", encoding="utf-8")
