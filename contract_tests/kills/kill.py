"""One run against one broken server: in process, or through Schemathesis too, as a user's run goes."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from contract_tests.contract.contract import Contract, read_contract
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import Judging
from contract_tests.judge.seen import Seen
from contract_tests.judge.seen_request import SeenRequest, see_request
from contract_tests.kills.in_process import send_all_in_process
from contract_tests.plan.following import Follower
from contract_tests.plan.schedule import PlannedRequest, Schedule, make_preflight, make_schedule
from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.servers.faults import Fault, make_catalogue
from contract_tests.servers.mock import create_app, judge_with_token
from contract_tests.target.costs import Costs
from contract_tests.target.options import Options
from contract_tests.target.target import Target
from spec.paths import SPEC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from contract_tests.exchange.exchange import Exchange, Request
    from contract_tests.judge.judge import Judged
    from contract_tests.result.result import Finding

TOKEN: Final = "aTokenOfKills"  # noqa: S105 - guards nothing
_REMEMBERED: Final = 2048
"""How many requests are remembered: those of a schedule, with every known name."""


class Kill(BaseModel):
    """The outcome of a run against a broken server."""

    model_config = ConfigDict(frozen=True)

    fault: str
    """Its name; empty for the mock itself."""
    expected: str | None
    """The check that must catch the fault; None where any may."""
    caught_by: tuple[str, ...]
    """The checks that found something."""
    requests: int
    calls: int
    """How many requests were accepted until then."""
    seconds: float
    note: str = ""
    why_not_shown: str | None = None
    """Why no recording shows the fault, where it was to be found in one."""
    is_thorough: bool = False
    """True if it took the requests of a thorough run."""

    @property
    def is_caught(self) -> bool:
        """True if the check that must catch the fault did."""
        return bool(self.caught_by) if self.expected is None else self.expected in self.caught_by


def kill_in_process(name: str, seed: int) -> Kill:
    """Sends our own requests into the server with a fault, until the judge has the failure that must be found.

    A fault that takes three choices is sent those of a thorough run, if the usual ones do not show it.
    """
    fault, started = catalogue()[name], time.monotonic()
    found = hunt(fault, whole_schedule(seed, all_known_names=fault.concerns_known_names))
    if fault.takes_three_choices and not found.is_caught:
        found = hunt(fault, whole_schedule(seed, all_known_names=False, thorough=True))
        found = found.model_copy(update={"is_thorough": True})
    return found.model_copy(update={"seconds": round(time.monotonic() - started, 2)})


def kill_through_engine(name: str, seed: int) -> Kill:
    """Runs the whole suite against the server with a fault, Schemathesis included."""
    fault = catalogue()[name]
    return _run(fault.make_app(TOKEN), _options(seed, all_known_names=fault.concerns_known_names), fault)


def run_on_the_mock(seed: int) -> Kill:
    """Runs the whole suite against a server that breaks nothing."""
    return _run(create_app(judge_with_token(TOKEN)), _options(seed, all_known_names=False), None)


@cache
def catalogue() -> dict[str, Fault]:
    """Every fault by its name."""
    return make_catalogue(contract())


@cache
def contract() -> Contract:
    """The contract that the servers break."""
    return read_contract(SPEC)


@cache
def whole_schedule(seed: int, *, all_known_names: bool, thorough: bool = False) -> Schedule:
    """The requests of a run without a limit, but for the preflight."""
    return make_schedule(contract(), all_known_names=all_known_names, seed=seed, max_calls=None, thorough=thorough)


@cache
def preflight() -> tuple[PlannedRequest, ...]:
    """The request that a run sends first, if the contract has one that rings nobody."""
    planned = make_preflight(contract())
    return (planned,) if planned else ()


def hunt(
    fault: Fault, schedule: Schedule, as_judged: Callable[[Exchange], Exchange | None] = lambda each: each
) -> Kill:
    """Sends a schedule into the server with a fault, until the judge has the failure that must be found.

    `as_judged` makes what the judge is given of an exchange; None for nothing.
    """
    return asyncio.run(_hunt(fault, schedule, as_judged))


async def _hunt(fault: Fault, schedule: Schedule, as_judged: Callable[[Exchange], Exchange | None]) -> Kill:
    app, judging = fault.make_app(TOKEN), Judging(contract(), see=_see)
    seen: list[Judged] = []
    requests, calls, is_shown = 0, 0, False
    async for exchange in send_all_in_process(app, (*preflight(), *schedule.requests), TOKEN, Follower(contract())):
        requests, calls = requests + 1, calls + (exchange.is_accepted and is_costly(exchange))
        seen += judging.judge(filter(None, [as_judged(exchange)]))
        if is_shown := any(shows(fault, judged) for judged in seen[-1:]):
            break
    found = _checks_of(find_findings(contract(), seen, Circumstances(str)))
    return Kill(
        fault=fault.name,
        expected=fault.caught_by,
        caught_by=found if is_shown else tuple(check for check in found if check != fault.caught_by),
        requests=requests,
        calls=calls,
        seconds=0,
    )


def _see(exchange: Exchange) -> Seen | None:
    sent = _see_request(exchange.request, exchange.omits_credentials)
    return Seen(sent, exchange) if sent else None


@lru_cache(_REMEMBERED)
def _see_request(request: Request, omits_credentials: bool) -> SeenRequest | None:  # noqa: FBT001 - a key
    """The request as the contract sees it, found out once for all faults: each is sent the same ones."""
    return see_request(contract(), request, omits_credentials=omits_credentials)


def is_costly(exchange: Exchange) -> bool:
    """Tells whether an exchange may be a call."""
    return _costs().may_be_call(exchange.request.method, exchange.request.path)


@cache
def _costs() -> Costs:
    return Costs(contract().operations)


def shows(fault: Fault, judged: Judged) -> bool:
    """Tells whether the check that must catch a fault failed: by advice alone only if no source forbids the fault."""
    return any(
        failure.check == fault.caught_by and (fault.is_against_advice or failure.standing != "advice")
        for failure in judged.failures
    )


def _checks_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The checks that findings show, consequences included."""
    return tuple(dict.fromkeys(check for finding in findings for check in finding.checks))


def _options(seed: int, *, all_known_names: bool) -> Options:
    return Options(Path(), "KILLS_TOKEN", seed, all_known_names=all_known_names, fuzzing=False)


@dataclass
class _Stage:
    """The one server of this process, with the application that is on just now: to start one takes long."""

    app: ASGIApp | None = None
    url: str = ""
    server: ExitStack = field(default_factory=ExitStack)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a request."""
        if self.app:
            await self.app(scope, receive, send)


@cache
def _stage() -> _Stage:
    stage = _Stage()
    stage.url = stage.server.enter_context(running(stage))
    return stage


def _run(app: ASGIApp, options: Options, fault: Fault | None) -> Kill:
    started, stage = time.monotonic(), _stage()
    stage.app = app
    with TemporaryDirectory(prefix="kill-") as folder:
        result = run(Target("a broken server", stage.url, TOKEN), replace(options, report_dir=Path(folder)))
    return Kill(
        fault=fault.name if fault else "",
        expected=fault.caught_by if fault else None,
        caught_by=_checks_of(result.findings),
        requests=result.requests,
        calls=result.calls,
        seconds=round(time.monotonic() - started, 2),
        note=result.reason or "",
    )
