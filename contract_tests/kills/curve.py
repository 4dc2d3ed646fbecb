"""The share of the catalogue that is caught within few calls, for `--curve`.

A run with `--max-calls` sends valid requests first, invalid ones while calls are left, and spends what is left of them
on valid ones at the end. What each request does to a server is found out once; the runs follow from that.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from contract_tests.judge.judge import Judging
from contract_tests.kills.in_process import send_all_in_process
from contract_tests.kills.kill import TOKEN, catalogue, contract, is_costly, preflight, shows, whole_schedule
from contract_tests.plan.following import Follower
from contract_tests.plan.schedule import reserve_of
from contract_tests.result.power_file import Score

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.types import ASGIApp

    from contract_tests.exchange.exchange import Exchange
    from contract_tests.plan.schedule import PlannedRequest
    from contract_tests.servers.faults import Fault

BUDGETS: Final = (5, 10, 20, 40, 60)
"""The numbers of calls to tell the share for."""
_CLIENT_ERROR: Final = 4


class Trace(BaseModel):
    """Which requests were calls, up to the first one that showed the fault, of the valid and of the invalid ones."""

    model_config = ConfigDict(frozen=True)

    fault: str
    valid: tuple[bool, ...]
    valid_shows: bool
    """True if the last of them showed it."""
    invalid: tuple[bool, ...]
    invalid_shows: bool

    def is_caught_within(self, calls: int) -> bool:
        """Tells whether a run that may make so many calls finds the fault."""
        at_first = max(1, calls - reserve_of(calls))
        if self.valid_shows and len(self.valid) <= at_first:
            return True
        made = sum(self.valid[:at_first])
        if self.invalid_shows and made + sum(self.invalid[:-1]) < calls:
            return True
        made += sum(self.invalid)
        return self.valid_shows and len(self.valid) <= calls and made + sum(self.valid[at_first:-1]) < calls


def trace(name: str, seed: int) -> Trace:
    """Sends the requests of a whole run into the server with a fault, until both kinds of request have shown it."""
    fault = catalogue()[name]
    schedule = whole_schedule(seed, all_known_names=fault.concerns_known_names)
    valid = asyncio.run(_send(fault, schedule.all_valid))
    # Where the first requests show it, no invalid one is sent before.
    is_early = valid[1] and len(valid[0]) <= BUDGETS[0] - reserve_of(BUDGETS[0])
    invalid = ((), False) if is_early else asyncio.run(_send(fault, (*preflight(), *schedule.invalid)))
    return Trace(fault=name, valid=valid[0], valid_shows=valid[1], invalid=invalid[0], invalid_shows=invalid[1])


def describe_curve(traces: Sequence[Trace]) -> str:
    """The share of the faults that is caught within each number of calls."""
    rows = ((budget, sum(each.is_caught_within(budget) for each in traces)) for budget in BUDGETS)
    lines = [f"{budget:5}  {caught / len(traces):6.1%}  {caught} of {len(traces)}" for budget, caught in rows]
    return "\n".join(["calls  caught", *lines])


def score(traces: Sequence[Trace], date: str, commit: str) -> Score:
    """The share of the faults that is caught, for `--save`."""
    return Score(
        date=date,
        commit=commit,
        faults=len(traces),
        caught=sum(each.valid_shows or each.invalid_shows for each in traces),
        caught_within={budget: sum(each.is_caught_within(budget) for each in traces) for budget in BUDGETS},
    )


async def _send(fault: Fault, requests: Iterable[PlannedRequest]) -> tuple[tuple[bool, ...], bool]:
    """Which requests were calls, and whether the last one showed the fault."""
    app: ASGIApp = fault.make_app(TOKEN)
    judging, calls = Judging(contract()), list[bool]()
    async for exchange in send_all_in_process(app, requests, TOKEN, Follower(contract())):
        calls += [_is_call(exchange)] if is_costly(exchange) else []
        if any(shows(fault, judged) for judged in judging.judge([exchange])):
            return tuple(calls), True
    return tuple(calls), False


def _is_call(exchange: Exchange) -> bool:
    """Tells whether the guard counts an exchange as a call: any but those with a 4xx."""
    return exchange.response is None or exchange.response.status // 100 != _CLIENT_ERROR
