"""Tells which causes of another run a run looked for. Of the others, its silence says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.result.coverage import statements_of

if TYPE_CHECKING:
    from contract_tests.result.baseline import AcceptedCause
    from contract_tests.result.comparison import EarlierCause
    from contract_tests.result.result import Result


def was_looked_for(result: Result, cause: EarlierCause | AcceptedCause) -> bool:
    """Tells whether a run would have found a cause, if it were still there.

    It would not where the target was lost, where the cause's check was never made, where its statement was never
    tried, or where nothing was sent of all that showed it.
    """
    if result.verdict == "untestable":
        return False
    was_made = all(tally.passed or tally.failed for tally in result.checks if tally.name == cause.check)
    return was_made and _was_tried(result, cause.pointer) and not _was_withheld(result, cause.shown_by)


def _was_tried(result: Result, pointer: str) -> bool:
    """Tells whether a statement was tried, as far as statements are counted."""
    counts = [statement.tried for statement in statements_of(result.contract) if statement.pointer == pointer]
    was_met = all(fact.kept for fact in result.facts if fact.pointer == pointer)
    return was_met and (any(counts) or not counts)


def _was_withheld(result: Result, purposes: tuple[str, ...]) -> bool:
    """Tells whether a limit kept all of these from the target."""
    left_out = {each.thing for each in (*result.untried, *result.withheld)}
    return bool(purposes) and left_out.issuperset(purposes)
