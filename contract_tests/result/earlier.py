"""The report of an earlier run, as far as a later one needs it. Other versions of the suite may have written it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.result.comparison import EarlierCause, EarlierRun
from contract_tests.result.part import Part
from contract_tests.result.reading import read_model

if TYPE_CHECKING:
    from pathlib import Path

RESULT: Final = "result.json"
"""The file of a report that holds the whole result."""
_NAMED: Final = 20


class _Choice(Part, frozen=True, kw_only=True, forbid_unknown_fields=False):
    words: str


class _Finding(EarlierCause, frozen=True, kw_only=True, forbid_unknown_fields=False):
    shown_by: tuple[str, ...] = ()
    due_to: tuple[_Choice, ...] = ()
    sent_for: tuple[str, ...] = ()

    def cause(self) -> EarlierCause:
        """The finding as a cause that is known by what showed it."""
        fields = {name: getattr(self, name) for name in EarlierCause.__struct_fields__}
        return EarlierCause(
            **fields | {"shown_by": tuple(each.words for each in self.due_to) or self.sent_for[:_NAMED]}
        )


class EarlierReport(EarlierRun, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A report, as far as it tells of its run and of its causes. Fields of other versions are passed over."""

    findings: tuple[_Finding, ...]

    @property
    def run(self) -> EarlierRun:
        """The run without its causes."""
        return EarlierRun(**{name: getattr(self, name) for name in EarlierRun.__struct_fields__})

    @property
    def causes(self) -> tuple[EarlierCause, ...]:
        """Its causes, the gravest first."""
        return tuple(finding.cause() for finding in self.findings)


def read_earlier_report(folder: Path, flag: str) -> EarlierReport:
    """Reads the report in a folder, which a flag names. Raises FileError."""
    remedy = f"{flag} takes the folder that an earlier run wrote, like contract-report."
    return read_model(EarlierReport, folder / RESULT, flag, "the result of a run", remedy)
