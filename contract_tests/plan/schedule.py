"""The schedule of a run: all requests that our sender sends, in their order."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.plan.invalid import make_invalid, make_other_methods
from contract_tests.plan.plan import cut_plan, make_plan
from contract_tests.plan.requests import make_request, with_body
from contract_tests.plan.shares import share_out
from contract_tests.target.limits import FREE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Request
    from contract_tests.plan.packing import PlannedBody
    from contract_tests.plan.plan import Plan
    from contract_tests.target.limits import Limits

_RESERVE: Final = 10
"""The part of the calls that is left for requests after the plan: one in so many."""


@dataclass(frozen=True)
class PlannedRequest:
    """A request to send, by its bytes: valid, or with one thing wrong."""

    id: str
    """Unique in the schedule: `valid-12`, `invalid-340`."""
    purpose: str
    """The reason for sending it, in words for people. For an invalid request, the thing that is wrong with it."""
    operation: Operation
    """The operation that it is for. If the method is wrong, it is the first operation of the same path."""
    request: Request
    """Its target stands below any base URL, and its credentials are templates."""
    draft: PlannedBody | None = None
    """Of a valid one, its body and the choices that the body takes."""


@dataclass(frozen=True)
class Schedule:
    """The requests to send, the valid ones of all operations first."""

    plans: Mapping[str, Plan]
    """By the label of the operation."""
    valid: tuple[PlannedRequest, ...]
    invalid: tuple[PlannedRequest, ...]

    @property
    def requests(self) -> tuple[PlannedRequest, ...]:
        """All requests, in the order in which they are sent."""
        return (*self.valid, *self.invalid)


UNPLANNED: Final = Schedule({}, (), ())
"""The schedule of a run that sends nothing."""


def make_schedule(
    contract: Contract, *, all_known_names: bool, seed: int, max_calls: int | None, limits: Limits = FREE
) -> Schedule:
    """Makes the schedule of a run. The same arguments make the same one.

    The operations share `max_calls` evenly. A part of it is left for what is sent after the plan: once no call is
    left, nothing is sent at all.
    """
    plans = _make_plans(contract, partial(make_plan, all_known_names=all_known_names, seed=seed, limits=limits))
    if max_calls is not None:
        calls = max(1, max_calls - math.ceil(max_calls / _RESERVE))
        shares = share_out([len(plan.bodies) for plan in plans.values()], calls)
        plans = {label: cut_plan(plan, share) for (label, plan), share in zip(plans.items(), shares, strict=True)}
    valid, invalid = _valid_requests(contract, plans), _invalid_requests(contract, plans)
    return Schedule(plans, _numbered("valid", valid), _numbered("invalid", invalid))


def _make_plans(contract: Contract, make: Callable[..., Plan]) -> dict[str, Plan]:
    """Makes the whole plan of each operation that takes a body, by its label."""
    return {
        operation.label: make(contract, operation.body, examples=contract.request_examples(operation))
        for operation in contract.operations
        if operation.body
    }


def _numbered(kind: str, requests: Iterable[PlannedRequest]) -> tuple[PlannedRequest, ...]:
    return tuple(replace(request, id=f"{kind}-{number}") for number, request in enumerate(requests, 1))


def _valid_requests(contract: Contract, plans: Mapping[str, Plan]) -> Iterator[PlannedRequest]:
    for label, plan in plans.items():
        operation = contract.operation(label)
        bare = make_request(contract, operation)
        for number, planned in enumerate(plan.bodies, 1):
            purpose = f"planned request {number} of {len(plan.bodies)}"
            request = with_body(bare, json.dumps(planned.body).encode())
            yield PlannedRequest("", purpose, operation, request, planned)


def _invalid_requests(contract: Contract, plans: Mapping[str, Plan]) -> Iterator[PlannedRequest]:
    for label, plan in plans.items():
        operation = contract.operation(label)
        for invalid in make_invalid(contract, operation, plan):
            yield PlannedRequest("", invalid.wrong, operation, invalid.request)
    for operation in _first_of_each_path(contract):
        for invalid in make_other_methods(contract, operation):
            yield PlannedRequest("", invalid.wrong, operation, invalid.request)


def _first_of_each_path(contract: Contract) -> Iterable[Operation]:
    found: dict[str, Operation] = {}
    for operation in contract.operations:
        found.setdefault(operation.path, operation)
    return found.values()
