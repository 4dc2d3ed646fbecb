"""The schedule of a run: all requests that our sender sends, in their order."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, count
from typing import TYPE_CHECKING, Final

from contract_tests.contract.media_types import JSON_MEDIA_TYPE
from contract_tests.exchange.exchange import Request
from contract_tests.plan.invalid import make_invalid, make_other_methods
from contract_tests.plan.operation_plan import plan_operation
from contract_tests.plan.plan import withhold
from contract_tests.plan.requests import with_body, with_right_credentials
from contract_tests.plan.shares import share_out
from contract_tests.plan.variations import vary, vary_accepted, vary_credentials
from contract_tests.target.created import is_foreign, place_acted_on
from contract_tests.target.limits import FREE
from contract_tests.target.shard import held_operations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Content, Operation
    from contract_tests.plan.choices import Choice
    from contract_tests.plan.operation_plan import OperationPlan
    from contract_tests.plan.packing import PlannedBody
    from contract_tests.plan.plan import Plan
    from contract_tests.target.limits import Limits
    from contract_tests.target.shard import Shard

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
    content: Content | None = None
    """The kind of its body; None if it has none."""
    plan: str = ""
    """The name of the plan that it is of: see `Schedule.plans`."""
    draft: PlannedBody | None = None
    """Of a valid one that a plan has, its body, or its parameters where it has none, and the choices that they take."""
    is_beside_previous: bool = False
    """True if it is sent while the request before it is still unanswered."""


@dataclass(frozen=True)
class Schedule:
    """The requests to send, the valid ones of all operations first."""

    plans: Mapping[str, Plan]
    """By the name of the operation and of the kind of body, if that is not the main one: the plan of its bodies, or of
    its parameters where it has no body."""
    valid: tuple[PlannedRequest, ...]
    invalid: tuple[PlannedRequest, ...]
    """Those that a conforming server turns away. They are sent as long as calls are left."""
    spare: tuple[PlannedRequest, ...] = ()
    """Valid ones for the end: the first request once more, and more of the plan where calls are left."""
    parameters: Mapping[str, Plan] = field(default_factory=dict)
    """By the label of the operation: the plan of the parameters beside its bodies."""
    operations: tuple[Operation, ...] = ()
    """The operations that it is for: those of the contract, or of a shard."""
    foreign: tuple[Operation, ...] = ()
    """Those of them that a server on another machine is not sent: they change what no other operation creates."""
    enough_calls: int | None = None
    """The least `max_calls` with room for all valid requests beside its reserve; None where there was no limit."""

    @property
    def all_plans(self) -> Iterator[tuple[str, Plan]]:
        """Every plan with its name."""
        return chain(self.plans.items(), self.parameters.items())

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
    shard: Shard | None = None,
) -> Schedule:
    """Makes the schedule of a run, or of a shard, whose `max_calls` it is. The same arguments make the same one.

    The operations that cost share `max_calls` evenly; the others are tried wholly. Updates come after the requests that
    create and read, and deletions last. A fifth of the calls is kept for invalid requests: one that is accepted is a
    call. `spare` has the valid requests for what is left of that fifth. Whoever sends the requests must stop once
    `max_calls` are made.
    """
    plan = partial(plan_operation, all_known_names=all_known_names, seed=seed, limits=limits, thorough=thorough)
    operations = held_operations(contract, shard)
    foreign = tuple(each for each in operations if limits.is_elsewhere and is_foreign(contract, each))
    servable = (operation for operation in operations if operation.is_servable and operation not in foreign)
    wholes = [each for operation in servable for each in plan(contract, operation)]
    costing = [each for each in wholes if each.operation.costs]
    cut = _cut_plans(costing, max_calls)
    first, spare = _valid_requests(contract, wholes, cut, max_calls)
    every = _numbered("valid", [*first, *spare])
    capped: defaultdict[str, list[Choice]] = defaultdict(list)
    invalid = _numbered("invalid", _invalid_requests(contract, wholes, capped))  # also for what no call is left for
    made = {each.name: each for each in (*wholes, *cut)}
    return Schedule(
        {name: withhold(each.main, capped[name]) for name, each in made.items()},
        valid=every[: len(first)],
        invalid=invalid,
        spare=every[len(first) :],
        parameters={name: each.parameters for name, each in made.items() if _has_parameters_beside(each)},
        operations=operations,
        foreign=foreign,
        enough_calls=None if max_calls is None else _enough_calls(costing),
    )


def _valid_requests(
    contract: Contract, wholes: Sequence[OperationPlan], cut: Sequence[OperationPlan], max_calls: int | None
) -> tuple[list[PlannedRequest], Sequence[PlannedRequest]]:
    """The valid requests in their order, and the spare ones for the end. `cut` has what calls are left for."""
    costing, costless = ([each for each in wholes if each.operation.costs is costs] for costs in (True, False))
    paid, spare = _paid_requests(costing, cut, max_calls)
    free = [list(_planned_requests(plan)) for plan in costless]
    varied = chain(*map(_variations, costless, free), *map(partial(_asking_for_each, contract), costless, free))
    return sorted([*paid, *chain(*free), *varied], key=partial(_turn, _updates_of(contract))), spare


def _enough_calls(costing: Sequence[OperationPlan]) -> int:
    """The least number of calls by which everything is tried."""
    return _calls_for(sum(map(len, _paid_requests(costing, costing, None))))


def _has_parameters_beside(plan: OperationPlan) -> bool:
    return plan.bodies is not None and bool(plan.operation.parameters) and not plan.is_further


def make_preflight(contract: Contract) -> PlannedRequest | None:
    """Makes the request that asks whether the target is there: the right token, and the body `{}`.

    It is for the first operation that such a request cannot set in motion; None if the contract has none.
    """
    for operation in contract.operations:
        takes_json = operation.content_of(JSON_MEDIA_TYPE) is not None
        if (
            takes_json
            and operation.body
            and "{" not in operation.path
            and not contract.request_validator(operation.body).is_valid({})
        ):
            bare = Request(operation.method, operation.path)
            request = with_body(with_right_credentials(bare, operation.credentials), b"{}")
            return PlannedRequest("preflight", PREFLIGHT_PURPOSE, operation, request)
    return None


def reserve_of(max_calls: int) -> int:
    """The calls that are kept for invalid requests that are accepted."""
    return max(_LEAST_RESERVE, math.ceil(max_calls / _RESERVE))


def _calls_for(requests: int) -> int:
    """The least limit of calls that has room for so many valid requests beside its reserve."""
    return next(calls for calls in count(requests) if calls - reserve_of(calls) >= requests)


def _paid_requests(
    wholes: Sequence[OperationPlan], cut: Sequence[OperationPlan], max_calls: int | None
) -> tuple[list[PlannedRequest], list[PlannedRequest]]:
    """The valid requests that are calls: those to send at first, and those for the calls that are left at the end."""
    calls = None if max_calls is None else max(1, max_calls - reserve_of(max_calls))
    shares = [plan.size for plan in _cut_plans(wholes, calls)]
    planned = [list(_planned_requests(plan)) for plan in cut]
    first = [*_shares_first(planned, shares), *chain(*map(_variations, cut, planned))]
    main = (requests for plan, requests in zip(cut, planned, strict=True) if not plan.is_further)
    last = [_again_at_the_end(requests[0]) for requests in main if requests]
    paid = [*first, *last][:max_calls]
    at_first = len(first) if calls is None else min(len(first), calls)
    return paid[:at_first], paid[at_first:]


def _cut_plans(plans: Sequence[OperationPlan], calls: int | None) -> list[OperationPlan]:
    """The plans, each with its share of the calls."""
    if calls is None:
        return list(plans)
    shares = share_out([plan.size for plan in plans], calls)
    return [plan.cut(share) for plan, share in zip(plans, shares, strict=True)]


def _numbered(kind: str, requests: Iterable[PlannedRequest]) -> tuple[PlannedRequest, ...]:
    return tuple(replace(request, id=f"{kind}-{number}") for number, request in enumerate(requests, 1))


def _planned_requests(plan: OperationPlan) -> Iterator[PlannedRequest]:
    under = f" with {plan.content.media_type}" if plan.is_further and plan.content else ""
    for number, (request, draft) in enumerate(plan.requests(), 1):
        purpose = f"planned request {number} of {plan.size}{under}"
        yield PlannedRequest("", purpose, plan.operation, request, plan.content, plan.name, draft)


def _shares_first(planned: Sequence[list[PlannedRequest]], shares: Sequence[int]) -> Iterator[PlannedRequest]:
    """Each operation's share of its planned requests, then the others."""
    of_each = list(zip(planned, shares, strict=True))
    yield from (request for requests, share in of_each for request in requests[:share])
    yield from (request for requests, share in of_each for request in requests[share:])


def _variations(plan: OperationPlan, planned: Sequence[PlannedRequest]) -> Iterator[PlannedRequest]:
    """Variations of some of a plan's requests, if they have a body of the main kind or none."""
    requests = [] if plan.is_further else [each.request for each in planned]
    for each in (*vary([each for each in requests if each.body]), *vary_credentials(plan.operation, requests[:1])):
        yield PlannedRequest(
            "",
            each.purpose,
            plan.operation,
            each.request,
            plan.content,
            plan.name,
            is_beside_previous=each.is_beside_previous,
        )


def _asking_for_each(
    contract: Contract, plan: OperationPlan, planned: Sequence[PlannedRequest]
) -> Iterator[PlannedRequest]:
    """A plan's first request for each media type that the spec has for its response, where there are several."""
    key = next((key for key in plan.operation.responses if key.startswith("2")), None)
    if key is None or plan.is_further:
        return
    documented = contract.response_media_types(plan.operation, int(key.upper().replace("X", "0")))
    named = [each for each in documented if "*" not in each]
    for each in vary_accepted(named, [first.request for first in planned[:1]]):
        yield PlannedRequest("", each.purpose, plan.operation, each.request, plan.content, plan.name)


def _updates_of(contract: Contract) -> frozenset[str]:
    """The labels of the operations that update things, or act on them."""
    updates = (operation.label for things in contract.things for operation in things.updates)
    acting = (operation.label for operation in contract.operations if place_acted_on(contract, operation))
    return frozenset([*updates, *acting])


def _turn(updates: frozenset[str], planned: PlannedRequest) -> tuple[int, int]:
    """The turn of a request: 0, or 1 for an update, which needs what others create, or 2 for a deletion.

    What stands within another thing is deleted before it.
    """
    operation = planned.operation
    return (2, -operation.path.count("/")) if operation.method == "DELETE" else (int(operation.label in updates), 0)


def _again_at_the_end(first: PlannedRequest) -> PlannedRequest:
    return replace(first, purpose="the first planned request again at the end", draft=None)


def _invalid_requests(
    contract: Contract, plans: Sequence[OperationPlan], capped: defaultdict[str, list[Choice]]
) -> Iterator[PlannedRequest]:
    """The invalid requests. Those that are too many are noted in `capped`, by the name of the plan."""
    for plan in plans:
        for invalid in make_invalid(contract, plan, capped[plan.name].append):
            yield PlannedRequest("", invalid.wrong, plan.operation, invalid.request)
    firsts = _first_of_each_path(contract)
    for plan in (plan for plan in plans if plan.operation.label in firsts and not plan.is_further):
        for invalid in make_other_methods(contract, plan):
            yield PlannedRequest("", invalid.wrong, plan.operation, invalid.request)


def _first_of_each_path(contract: Contract) -> set[str]:
    """The labels of the operations that a path's other methods are tried with: one of each, also of all shards."""
    found: dict[str, str] = {}
    for operation in contract.operations:
        if operation.is_servable:
            found.setdefault(operation.path, operation.label)
    return set(found.values())
