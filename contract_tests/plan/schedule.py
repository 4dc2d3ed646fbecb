"""The schedule of a run: all requests that our sender sends, in their order."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from contract_tests.contract.operations import JSON_MEDIA_TYPE
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from contract_tests.plan.invalid import make_invalid, make_other_methods
from contract_tests.plan.plan import cut_plan, make_plan
from contract_tests.plan.requests import make_request, with_body
from contract_tests.plan.shares import share_out
from contract_tests.plan.variations import vary
from contract_tests.target.limits import FREE
from contract_tests.target.own_values import with_own_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.plan.packing import PlannedBody
    from contract_tests.plan.plan import Plan
    from contract_tests.target.limits import Limits
    from spec.json_value import Json

PREFLIGHT_PURPOSE: Final = "the first request, which asks whether the target is there"
_RESERVE: Final = 5
"""The part of the calls that is kept for invalid requests that are accepted: one in so many."""
_LEAST_RESERVE: Final = 2


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
    """Of a valid one that a plan has, its body and the choices that the body takes."""
    is_beside_previous: bool = False
    """True if it is sent while the request before it is still unanswered."""


@dataclass(frozen=True)
class Schedule:
    """The requests to send, the valid ones of all operations first."""

    plans: Mapping[str, Plan]
    """By the label of the operation."""
    valid: tuple[PlannedRequest, ...]
    invalid: tuple[PlannedRequest, ...]
    """Those that a conforming server turns away. They are sent as long as calls are left."""
    spare: tuple[PlannedRequest, ...] = ()
    """Valid ones for the end: the first request once more, and more of the plan where calls are left."""

    @property
    def all_valid(self) -> tuple[PlannedRequest, ...]:
        """The valid requests, those for the end included."""
        return (*self.valid, *self.spare)

    @property
    def requests(self) -> tuple[PlannedRequest, ...]:
        """All requests, in the order in which they are sent."""
        return (*self.valid, *self.invalid, *self.spare)


def at_once(requests: Iterable[PlannedRequest]) -> Iterator[tuple[PlannedRequest, ...]]:
    """The requests in their order, those that are sent at once together."""
    group: list[PlannedRequest] = []
    for planned in requests:
        if group and not planned.is_beside_previous:
            yield tuple(group)
            group = []
        group.append(planned)
    if group:
        yield tuple(group)


UNPLANNED: Final = Schedule({}, (), ())
"""The schedule of a run that sends nothing."""


def make_schedule(  # noqa: PLR0913 - what a schedule depends on
    contract: Contract,
    *,
    all_known_names: bool,
    seed: int,
    max_calls: int | None,
    limits: Limits = FREE,
    thorough: bool = False,
) -> Schedule:
    """Makes the schedule of a run. The same arguments make the same one.

    The operations share `max_calls` evenly. A fifth of it is kept for invalid requests, each of which is a call if it
    is accepted; `spare` has the valid requests for what is left of that part. Whoever sends them must stop once
    `max_calls` are made.
    """
    make = partial(make_plan, all_known_names=all_known_names, seed=seed, limits=limits, thorough=thorough)
    whole = _make_plans(contract, make, limits)
    plans = _cut_plans(whole, max_calls)
    calls = None if max_calls is None else max(1, max_calls - reserve_of(max_calls))
    shares = [len(plan.bodies) for plan in _cut_plans(whole, calls).values()]
    planned = [list(_planned_requests(contract, label, plan)) for label, plan in plans.items()]
    first = [*_shares_first(planned, shares), *chain(*map(_variations, planned))]
    last = [_again_at_the_end(requests[0]) for requests in planned if requests]
    every = _numbered("valid", [*first, *last])[:max_calls]
    at_first = len(first) if calls is None else min(len(first), calls)
    # Bodies that no call is left for still make invalid requests.
    invalid = _numbered("invalid", _invalid_requests(contract, whole))
    return Schedule(plans, every[:at_first], invalid, every[at_first:])


def make_preflight(contract: Contract) -> PlannedRequest | None:
    """Makes the request that asks whether the target is there: the right token, and the body `{}`.

    It is for the first operation that such a request cannot set in motion; None if the contract has none.
    """
    for operation in contract.operations:
        if operation.body and "{" not in operation.path and not contract.request_validator(operation.body).is_valid({}):
            headers = Headers([(AUTHORIZATION, RIGHT), (CONTENT_TYPE, JSON_MEDIA_TYPE)])
            request = Request(operation.method, operation.path, headers, b"{}")
            return PlannedRequest("preflight", PREFLIGHT_PURPOSE, operation, request)
    return None


def reserve_of(max_calls: int) -> int:
    """The calls that are kept for invalid requests that are accepted."""
    return max(_LEAST_RESERVE, math.ceil(max_calls / _RESERVE))


def _make_plans(contract: Contract, make: Callable[..., Plan], limits: Limits) -> dict[str, Plan]:
    """Makes the whole plan of each operation that takes a body, by its label."""
    return {
        operation.label: make(contract, operation.body, examples=_own_examples(contract, operation, limits))
        for operation in contract.operations
        if operation.body
    }


def _own_examples(contract: Contract, operation: Operation, limits: Limits) -> list[Json]:
    """The spec's examples of a request's body, with the target's own values in place of those that are withheld."""
    is_valid = contract.request_validator(operation.body or "").is_valid
    return [with_own_values(each, limits.data, is_valid) for each in contract.request_examples(operation)]


def _cut_plans(plans: Mapping[str, Plan], calls: int | None) -> dict[str, Plan]:
    """The plans, each with its share of the calls."""
    if calls is None:
        return dict(plans)
    shares = share_out([len(plan.bodies) for plan in plans.values()], calls)
    return {label: cut_plan(plan, share) for (label, plan), share in zip(plans.items(), shares, strict=True)}


def _numbered(kind: str, requests: Iterable[PlannedRequest]) -> tuple[PlannedRequest, ...]:
    return tuple(replace(request, id=f"{kind}-{number}") for number, request in enumerate(requests, 1))


def _planned_requests(contract: Contract, label: str, plan: Plan) -> Iterator[PlannedRequest]:
    operation = contract.operation(label)
    bare = make_request(contract, operation)
    for number, body in enumerate(plan.bodies, 1):
        request = with_body(bare, body.text.encode())
        yield PlannedRequest("", f"planned request {number} of {len(plan.bodies)}", operation, request, body)


def _shares_first(planned: Sequence[list[PlannedRequest]], shares: Sequence[int]) -> Iterator[PlannedRequest]:
    """Each operation's share of its planned requests, then the others."""
    of_each = list(zip(planned, shares, strict=True))
    yield from (request for requests, share in of_each for request in requests[:share])
    yield from (request for requests, share in of_each for request in requests[share:])


def _variations(planned: Sequence[PlannedRequest]) -> Iterator[PlannedRequest]:
    """Variations of some of an operation's planned requests."""
    for each in vary([request.request for request in planned]):
        operation = planned[0].operation
        yield PlannedRequest("", each.purpose, operation, each.request, None, each.is_beside_previous)


def _again_at_the_end(first: PlannedRequest) -> PlannedRequest:
    return PlannedRequest("", "the first planned request again at the end", first.operation, first.request)


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
