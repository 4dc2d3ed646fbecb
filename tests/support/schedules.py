"""The schedules and the plan of this project's spec, for all tests of a process: to make one takes a second."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pytest

from contract_tests.contract.contract import read_contract
from contract_tests.kills.kill import whole_schedule
from contract_tests.plan import schedule
from contract_tests.plan.operation_plan import plan_operation
from contract_tests.plan.plan import make_plan
from spec.paths import SPEC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.plan.operation_plan import OperationPlan
    from contract_tests.plan.plan import Plan
    from contract_tests.plan.schedule import Schedule

REQUEST: Final = "/components/schemas/CreateCall"


@cache
def our_schedule(max_calls: int | None = None) -> Schedule:
    """The requests of a run with seed 1, without all known names, at any server."""
    with pytest.MonkeyPatch.context() as patch:
        share_plans(patch)
        if max_calls is None:
            return whole_schedule(1, all_known_names=False)  # the broken servers are sent the same
        return schedule.make_schedule(read_contract(SPEC), all_known_names=False, seed=1, max_calls=max_calls)


def share_plans(patch: pytest.MonkeyPatch) -> None:
    """Has all schedules of such runs share their plans, which limits only cut."""
    patch.setattr(schedule, "plan_operation", lambda _, operation, **_options: _plans_of(operation.label))


@cache
def _plans_of(label: str) -> Sequence[OperationPlan]:
    contract = read_contract(SPEC)
    return plan_operation(contract, contract.operation(label), all_known_names=False, seed=1)


@cache
def our_plan() -> Plan:
    """The plan of such requests, without the spec's examples."""
    return make_plan(read_contract(SPEC), REQUEST, all_known_names=False, seed=1)
