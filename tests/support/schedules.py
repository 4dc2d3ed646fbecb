"""The schedules and the plan of this project's spec, for all tests of a process: to make one takes a second."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from contract_tests.contract.contract import read_contract
from contract_tests.kills.kill import whole_schedule
from contract_tests.plan.plan import make_plan
from contract_tests.plan.schedule import make_schedule
from spec.paths import SPEC

if TYPE_CHECKING:
    from contract_tests.plan.plan import Plan
    from contract_tests.plan.schedule import Schedule

REQUEST: Final = "/components/schemas/CreateCall"


@cache
def our_schedule(max_calls: int | None = None) -> Schedule:
    """The requests of a run with seed 1, without all known names, at any server."""
    if max_calls is None:
        return whole_schedule(1, all_known_names=False)  # the broken servers are sent the same
    return make_schedule(read_contract(SPEC), all_known_names=False, seed=1, max_calls=max_calls)


@cache
def our_plan() -> Plan:
    """The plan of such requests, without the spec's examples."""
    return make_plan(read_contract(SPEC), REQUEST, all_known_names=False, seed=1)
