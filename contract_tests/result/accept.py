"""Accepted causes: which a baseline accepts today, how a run used it, and which entries it gains and loses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from contract_tests.result.baseline import Acceptance, AcceptedCause, Baseline, BaselineUse
from contract_tests.result.looked_for import was_looked_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from contract_tests.result.comparison import EarlierCause
    from contract_tests.result.result import Result


def acceptances(baseline: Baseline, today: date) -> dict[str, Acceptance]:
    """The causes that a baseline accepts on a day, by their keys."""
    return {
        entry.key: Acceptance(reason=entry.reason, until=entry.until)
        for entry in baseline.accepted
        if entry.until >= today
    }


def tell_use(result: Result, baseline: Baseline, path: str, today: date) -> BaselineUse:
    """How a run used a baseline. An entry is unused only if the run looked for its cause."""
    met = {finding.key for finding in result.findings}
    missing = [entry for entry in baseline.accepted if entry.key not in met]
    unused = tuple(entry for entry in missing if was_looked_for(result, entry))
    return BaselineUse(
        path=path,
        expired=tuple(entry for entry in baseline.accepted if entry.key in met and entry.until < today),
        unused=unused,
        unseen=tuple(entry for entry in missing if entry not in unused),
    )


def with_entries(baseline: Baseline, causes: Iterable[EarlierCause], acceptance: Acceptance) -> Baseline:
    """The baseline with causes accepted, in place of earlier entries of the same causes."""
    added = {cause.key: _entry(cause, acceptance) for cause in causes}
    kept = {entry.key: entry for entry in baseline.accepted}
    return Baseline(accepted=tuple((kept | added).values()))


def without_entries(baseline: Baseline, keys: Iterable[str]) -> Baseline:
    """The baseline without the entries of some keys."""
    removed = set(keys)
    return Baseline(accepted=tuple(entry for entry in baseline.accepted if entry.key not in removed))


def _entry(cause: EarlierCause, acceptance: Acceptance) -> AcceptedCause:
    return AcceptedCause(
        **asdict(acceptance),
        key=cause.key,
        check=cause.check,
        pointer=cause.pointer,
        headline=cause.headline,
        shown_by=cause.shown_by,
    )
