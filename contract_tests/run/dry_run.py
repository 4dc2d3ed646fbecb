"""A dry run: the same run against a server of this process that turns everything away."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse

from contract_tests.plan.following import is_followed
from contract_tests.plan.mutations import find_left_out
from contract_tests.result.words import counted
from contract_tests.run.suite import run, schedule_of
from contract_tests.runtime.serving import running
from contract_tests.target.costs import read_costed_contract
from contract_tests.target.created import FOREIGN, changes_things
from contract_tests.target.limits import FREE
from contract_tests.target.options import own_options
from contract_tests.target.target import Target
from spec.output import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Request
    from contract_tests.plan.plan import Plan
    from contract_tests.plan.schedule import PlannedRequest, Schedule
    from contract_tests.target.limits import Limits
    from contract_tests.target.options import Options
    from spec.json_value import Json

_TOKEN: Final = "dry-run"  # noqa: S105 - guards nothing
_SHOWN: Final = 100
"""How much of a text in a body is shown, in characters."""


@dataclass(frozen=True)
class DryRun:
    """The requests that a run takes. Fuzzing is left out: its requests depend on the answers."""

    schedule: Schedule
    invalid: int
    """How many invalid requests it sends, Schemathesis's included."""
    links: tuple[str, ...] = ()
    """The ways from a response to a further request, which a run follows."""
    changes: tuple[str, ...] = ()
    """The ways from a thing that was created to the requests that change or delete it."""
    unplanned: tuple[str, ...] = ()
    """The operations and statements that no request of ours is made for, each with the reason."""


def make_dry_run(options: Options, limits: Limits = FREE) -> DryRun:
    """The requests of a run against a target with these limits. Raises SpecError."""
    contract = read_costed_contract(options)
    schedule = schedule_of(contract, own_options(options, contract), limits)
    with TemporaryDirectory(prefix="dry-run-") as folder, running(JSONResponse({"detail": []}, 422)) as url:
        quiet = replace(options, report_dir=Path(folder), fuzzing=False)
        result = run(Target("a server that refuses", url, _TOKEN, limits), quiet, schedule=schedule)
    links = tuple(str(link) for link in contract.links if is_followed(link))
    changes = tuple(str(link) for link in contract.links if changes_things(link))
    invalid = result.requests - len(schedule.all_valid)
    return DryRun(schedule, invalid, links, changes, tuple(find_unplanned(contract, schedule)))


def find_unplanned(contract: Contract, schedule: Schedule) -> Iterator[str]:
    """The operations and statements that no request of a schedule is made for, each with the reason."""
    planned = {each.operation.label for each in schedule.all_valid}
    for operation in schedule.operations:
        if operation in schedule.foreign:
            yield f"{operation.label}: {FOREIGN}"
        elif operation.label not in planned:
            yield f"{operation.label}: no call is left for it"
        else:
            bodies = dict.fromkeys(each.schema for each in operation.contents)
            pointers = filter(None, (*bodies, operation.parameters_schema))
            left_out = [found for pointer in pointers for found in find_left_out(contract, pointer)]
            yield from (f"breaking {pointer}: that is left to Schemathesis" for pointer in left_out)


def describe_dry_run(dry_run: DryRun, *, with_bodies: bool = False) -> str:
    """The requests of a run: each valid one with what it is the first to try, and how many invalid ones.

    With bodies, it shows each of our own requests.
    """
    schedule = dry_run.schedule
    described = (
        _describe_plan(name, plan, _requests_for(schedule, name), with_bodies=with_bodies)
        for name, plan in schedule.plans.items()
    )
    lines = list(chain.from_iterable(described))
    if with_bodies:
        lines += ["our own invalid requests:", *(line for each in schedule.invalid for line in _describe_invalid(each))]
    lines += _listed("what is answered leads to further requests, which cost nothing:", dry_run.links)
    lines += _listed("requests that change or delete a thing name one that the run created:", dry_run.changes)
    lines += _listed("no request of ours is made for:", dry_run.unplanned)
    total = f"{counted(len(schedule.all_valid), 'valid request')}, {counted(dry_run.invalid, 'invalid one')}"
    return "\n".join([*lines, f"{total}, which a conforming server turns away; nothing was sent"])


def _requests_for(schedule: Schedule, name: str) -> list[PlannedRequest]:
    return [planned for planned in schedule.all_valid if planned.plan == name]


def _describe_plan(name: str, plan: Plan, requests: Sequence[PlannedRequest], *, with_bodies: bool) -> Iterator[str]:
    may_be = "each of which may be a call" if any(each.operation.costs for each in requests) else "none of which costs"
    yield f"{name}: {counted(len(requests), 'valid request')}, {may_be}"
    for number, planned in enumerate(requests, 1):
        yield f"  {number:3}  {_describe_valid(planned)}"
        yield from [f"       {_describe_sent(planned.request)}"] if with_bodies else ()
    if plan.triples.total:
        yield f"combinations of three choices that shape a request: {plan.triples}"
    yield from _listed("no valid request could be made for:", (str(each) for each in plan.untried if each.reason))
    yield from _listed("left out by --max-calls:", (str(each) for each in plan.untried if not each.reason))
    yield from _listed("withheld from this target:", map(str, plan.withheld))


def _describe_valid(planned: PlannedRequest) -> str:
    if planned.draft is None:
        return planned.purpose
    tried = "; ".join(map(str, planned.draft.tries))
    return tried or "no choice for the first time, but some together that were not yet"


def _describe_sent(request: Request) -> str:
    """The body of a request; without one, its method and its target, which has its parameters."""
    return describe_body(request.body) if request.body else printable(f"{request.method} {request.target}")


def _describe_invalid(planned: PlannedRequest) -> Iterator[str]:
    request = planned.request
    yield f"  {planned.purpose}"
    fields = ", ".join(f"{name}: {value}" for name, value in request.headers)
    yield f"       {request.method} {request.target}  {fields}  {describe_body(request.body)}".rstrip()


def _listed(heading: str, items: Iterable[str]) -> list[str]:
    lines = [f"       {item}" for item in items]
    return [heading, *lines] if lines else []


def describe_body(body: bytes) -> str:
    """A body for people: long texts in it are cut, and what cannot be printed is spelled out."""
    try:
        text = json.dumps(_shortened(json.loads(body)), ensure_ascii=False)
    except (ValueError, RecursionError):
        text = _shorten(body.decode(errors="backslashreplace"))
    return printable(text)


def _shortened(value: Json) -> Json:
    if isinstance(value, dict):
        return {_shorten(name): _shortened(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return _shorten(value) if isinstance(value, str) else value


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"
