"""A dry run: the same run against a server of this process that turns everything away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse

from contract_tests.contract.contract import read_contract
from contract_tests.plan.schedule import make_schedule
from contract_tests.result.words import counted
from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.target.limits import FREE
from contract_tests.target.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.plan.plan import Plan
    from contract_tests.plan.schedule import Schedule
    from contract_tests.target.limits import Limits
    from contract_tests.target.options import Options

_TOKEN: Final = "dry-run"  # noqa: S105 - guards nothing


@dataclass(frozen=True)
class DryRun:
    """The requests that a run takes. Fuzzing is left out: its requests depend on the answers."""

    schedule: Schedule
    invalid: int
    """How many invalid requests it sends, Schemathesis's included."""


def make_dry_run(options: Options, limits: Limits = FREE) -> DryRun:
    """The requests of a run against a target with these limits. Raises SpecError."""
    schedule = make_schedule(
        read_contract(options.spec),
        all_known_names=options.all_known_names,
        seed=options.seed,
        max_calls=options.max_calls,
        limits=limits,
    )
    with TemporaryDirectory(prefix="dry-run-") as folder, running(JSONResponse({"detail": []}, 422)) as url:
        quiet = replace(options, report_dir=Path(folder), fuzzing=False)
        result = run(Target("a server that refuses", url, _TOKEN, limits), quiet)
    return DryRun(schedule, result.requests - len(schedule.valid))


def describe_dry_run(dry_run: DryRun) -> str:
    """The requests of a run: each valid one with what it is the first to try, and how many invalid ones."""
    lines = [line for label, plan in dry_run.schedule.plans.items() for line in _describe_plan(label, plan)]
    total = f"{counted(len(dry_run.schedule.valid), 'valid request')}, {counted(dry_run.invalid, 'invalid one')}"
    return "\n".join([*lines, f"{total}, which a conforming server turns away; nothing was sent"])


def _describe_plan(label: str, plan: Plan) -> Iterator[str]:
    yield f"{label}: {counted(len(plan.bodies), 'valid request')}, each of which may be a call"
    for number, planned in enumerate(plan.bodies, 1):
        tried = "; ".join(map(str, planned.tries))
        yield f"  {number:3}  {tried or 'no choice for the first time, but some together that were not yet'}"
    for heading, choices in {
        "left out by --max-calls:": plan.untried,
        "withheld from this target:": plan.withheld,
    }.items():
        yield from [heading, *(f"       {choice}" for choice in choices)] if choices else ()
