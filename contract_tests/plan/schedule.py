"""What a run gives the engine to send to each operation: planned requests first, then what must be turned away."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from contract_tests.contract.contract import read_contract
from contract_tests.guard.process import PLACEHOLDER
from contract_tests.plan.invalid import make_negatives
from contract_tests.plan.plan import make_parameters, make_plan
from contract_tests.target.limits import FREE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.plan import Plan
    from contract_tests.target.limits import Limits
    from contract_tests.target.options import Options


_RESERVE: Final = 10
"""Which part of the calls is left for what comes after the plan: one in so many."""


@dataclass(frozen=True)
class GivenRequest:
    """A request that the engine is given to send. Bytes are sent as they are, any other body as JSON."""

    description: str
    """What it is for, in words."""
    body: Any
    media_type: str | None = None
    """In place of JSON's."""
    authorization: tuple[str, ...] | None = None
    """The values of the Authorization fields to send in place of the run's own."""
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Those that the operation must have, by location and name."""


@dataclass(frozen=True)
class Schedule:
    """The plans and all requests to send in their order, by the label of the operation."""

    plans: Mapping[str, Plan]
    requests: Mapping[str, tuple[GivenRequest, ...]]


@dataclass(frozen=True)
class Preparation:
    """What a run needs beside a target: the contract, and what to send."""

    contract: Contract
    schedule: Schedule


def prepare(options: Options, limits: Limits = FREE) -> Preparation:
    """What a run with these options needs. It may be used for many against targets with these limits.

    Raises:
        SpecError: the spec cannot be read.
    """
    contract = read_contract(options.spec)
    return Preparation(contract, make_schedule(contract, options, PLACEHOLDER, limits))


def make_schedule(contract: Contract, options: Options, token: str, limits: Limits = FREE) -> Schedule:
    """The schedule of a run. The same arguments make the same one.

    `options.max_calls` is shared out in the order of the operations. Some of it is left for what is sent after the
    plan: where no call is left, nothing is sent at all.
    """
    plans: dict[str, Plan] = {}
    requests: dict[str, tuple[GivenRequest, ...]] = {}
    left = None if options.max_calls is None else max(1, options.max_calls - math.ceil(options.max_calls / _RESERVE))
    for operation in contract.operations:
        if operation.body is None:
            continue
        plan = make_plan(
            contract,
            operation.body,
            all_known_names=options.all_known_names,
            seed=options.seed,
            max_bodies=left,
            limits=limits,
            examples=contract.request_examples(operation),
        )
        left = None if left is None else left - len(plan.bodies)
        plans[operation.label] = plan
        parameters = make_parameters(contract, operation)
        requests[operation.label] = tuple(
            replace(request, parameters=parameters)
            for request in (*_planned(plan), *_refused(contract, operation.body, plan, token))
        )
    return Schedule(plans, requests)


def describe_planned(number: int, total: int) -> str:
    """What a planned request is for."""
    return f"planned request {number} of {total}"


def _planned(plan: Plan) -> Iterator[GivenRequest]:
    for number, planned in enumerate(plan.bodies, 1):
        yield GivenRequest(describe_planned(number, len(plan.bodies)), planned.body)


def _refused(contract: Contract, pointer: str, plan: Plan, token: str) -> Iterator[GivenRequest]:
    for negative in make_negatives(contract, pointer, plan, token):
        yield GivenRequest(negative.wrong, negative.body, negative.media_type, negative.authorization)
