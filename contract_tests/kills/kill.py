"""One run of the suite against one broken server."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from contract_tests.contract.contract import read_contract
from contract_tests.plan.schedule import Preparation, prepare
from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.servers.faults import Fault, make_catalogue
from contract_tests.servers.mock import create_app, judge_with_token
from contract_tests.target.options import SPEC, Options
from contract_tests.target.target import Target

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

TOKEN: Final = "aTokenOfKills"  # noqa: S105 - guards nothing


class Kill(BaseModel):
    """What came of a run against a broken server."""

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

    @property
    def is_caught(self) -> bool:
        """Whether the check that must catch the fault did."""
        return bool(self.caught_by) if self.expected is None else self.expected in self.caught_by


def kill(name: str, seed: int) -> Kill:
    """Runs the suite against the server with a fault, up to the first finding."""
    fault = catalogue()[name]
    options = _options(seed, all_known_names=fault.concerns_known_names, fail_fast=True)
    return _run(fault.make_app(TOKEN), options, fault)


def run_on_the_mock(seed: int) -> Kill:
    """What the suite makes of a server that breaks nothing."""
    return _run(create_app(judge_with_token(TOKEN)), _options(seed, all_known_names=False, fail_fast=False), None)


@cache
def catalogue() -> dict[str, Fault]:
    """Every fault by its name."""
    return make_catalogue(read_contract(SPEC))


def _options(seed: int, *, all_known_names: bool, fail_fast: bool) -> Options:
    return Options(Path(), "KILLS_TOKEN", seed, all_known_names=all_known_names, fuzzing=False, fail_fast=fail_fast)


@cache
def _preparation(options: Options) -> Preparation:
    return prepare(options)


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
        target = Target("a broken server", stage.url, TOKEN)
        result = run(target, replace(options, report_dir=Path(folder)), preparation=_preparation(options))
    return Kill(
        fault=fault.name if fault else "",
        expected=fault.caught_by if fault else None,
        caught_by=tuple(dict.fromkeys(finding.check for finding in result.findings)),
        requests=result.requests,
        calls=result.calls,
        seconds=round(time.monotonic() - started, 2),
        note=result.reason or "",
    )
