"""Why statements about requests were never tried: a limit of the target, or one of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.contract.statements import ABSENT, NULL, Key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.plan.choices import Choice
    from contract_tests.run.evidence import Evidence

_WITHHELD: Final = "withheld: this target's limits do not allow it"
_CUT: Final = "cut off: --max-calls left no request for it, or an option asked for less"


def find_gaps(evidence: Evidence) -> Mapping[Key, str]:
    """The reason why each statement was not tried that the plan of a run could not try."""
    plans = [plan for _, plan in evidence.schedule.all_plans] if evidence.schedule else []
    cut = {key_of(choice): choice.reason or _CUT for plan in plans for choice in plan.untried}
    return cut | dict(_explain(choice) for plan in plans for choice in plan.withheld)


def _explain(choice: Choice) -> tuple[Key, str]:
    """Why a choice is withheld. One that stands for several says it itself: `5 further names`."""
    return (Key(choice.pointer), f"withheld: {choice.reason}") if choice.reason else (key_of(choice), _WITHHELD)


def key_of(choice: Choice) -> Key:
    """The statement that a choice makes use of."""
    if choice.value in {NULL, ABSENT}:
        return Key(choice.pointer, choice.value)
    return Key(choice.pointer, choice.value if choice.is_member else None)
