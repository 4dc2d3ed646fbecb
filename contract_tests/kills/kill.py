"""One run of the suite against one broken server."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from contract_tests.contract import read_contract
from contract_tests.options import SPEC, Options
from contract_tests.servers.faults import Fault, make_catalogue
from contract_tests.servers.serving import running
from contract_tests.suite import Preparation, prepare, run
from contract_tests.target import Target

if TYPE_CHECKING:
    from contract_tests.result import Result

TOKEN: Final = "aTokenOfKills"  # noqa: S105 - guards nothing


class Kill(BaseModel):
    """What came of a run against a broken server."""

    model_config = ConfigDict(frozen=True)

    fault: str
    expected: str
    """The check that must catch the fault."""
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
        return self.expected in self.caught_by


def kill(name: str, seed: int) -> Kill:
    """Runs the suite against the server with a fault, up to the first finding."""
    fault = catalogue()[name]
    started = time.monotonic()
    with TemporaryDirectory(prefix="kill-") as folder, running(fault.make_app(TOKEN)) as url:
        options = _options(seed, all_known_names=fault.concerns_known_names)
        preparation = _preparation(options)
        result = run(Target(name, url, TOKEN), replace(options, report_dir=Path(folder)), preparation=preparation)
    return _judge(fault, result, time.monotonic() - started)


@cache
def catalogue() -> dict[str, Fault]:
    """Every fault by its name."""
    return make_catalogue(read_contract(SPEC))


def _options(seed: int, *, all_known_names: bool) -> Options:
    return Options(Path(), "KILLS_TOKEN", seed, all_known_names=all_known_names, fuzzing=False, fail_fast=True)


@cache
def _preparation(options: Options) -> Preparation:
    return prepare(options, TOKEN)


def _judge(fault: Fault, result: Result, seconds: float) -> Kill:
    return Kill(
        fault=fault.name,
        expected=fault.caught_by,
        caught_by=tuple(dict.fromkeys(finding.check for finding in result.findings)),
        requests=result.requests,
        calls=result.calls,
        seconds=round(seconds, 2),
        note=result.reason or "",
    )
