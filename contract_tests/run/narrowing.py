"""When a planned request fails: which of its choices matters, found out with a handful of further requests.

The further requests have some of the failed one's choices each, and beside them only what is known to work. What is
left when no choice can be taken away is what matters: mostly one choice, or two that fail together.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from contract_tests.exchange.scalars import read_scalar
from contract_tests.judge.occurrence import NarrowedChoice
from contract_tests.plan.medium import medium_of, write_body
from contract_tests.plan.parameters import ParameterMedium
from contract_tests.plan.plan import all_choices, make_body
from contract_tests.plan.requests import make_request, with_body
from contract_tests.target.limits import FREE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Request
    from contract_tests.judge.judge import Judged
    from contract_tests.plan.choices import Choice, ChoicePoint
    from contract_tests.plan.medium import Medium
    from contract_tests.plan.packing import PlannedBody
    from contract_tests.plan.schedule import PlannedRequest, Schedule
    from contract_tests.target.limits import Limits

    Try = Callable[[Request], Judged | None]

T = TypeVar("T")
_MAX_REQUESTS: Final = 24
"""How many requests one failure may take to narrow."""
_CONFIRMATIONS: Final = 2
"""Beside how many others that work the choices must fail too: a server that fails at random may do so once."""
_MAX_FAILURES: Final = 5
"""How many failures that differ, or are due to other choices, are narrowed."""

Symptoms = tuple[int | None, str, frozenset[tuple[str, str]]]
"""The way in which a server answered: status, media type, and the checks that failed with their statements."""


@dataclass
class Narrowed:
    """The further requests, judged, and the choices that failures are due to, by the exchange's id."""

    further: list[Judged] = field(default_factory=list)
    choices: dict[str, tuple[NarrowedChoice, ...]] = field(default_factory=dict)


def narrow_failures(
    contract: Contract, schedule: Schedule, judged: Iterable[Judged], attempt: Try, limits: Limits = FREE
) -> Narrowed:
    """Narrows each kind of failure among the planned requests, once for each choice that it is due to.

    `attempt` sends a request and judges the exchange; it gives None where the request is not sent, and then narrowing
    ends.
    """
    narrowed = Narrowed()
    by_id = {each.exchange.id: each for each in judged}
    planned: defaultdict[str, list[PlannedRequest]] = defaultdict(list)
    for each in schedule.all_valid:
        planned[each.plan].append(each)
    for name in schedule.plans:
        for kind in _kinds(planned[name], by_id):
            for failure in _parts_of(kind, narrowed):
                _Trials(contract, failure, attempt, limits, narrowed).narrow()
    return narrowed


@dataclass(frozen=True)
class _Kind:
    """The planned requests that failed in one way, and what is known beside them."""

    symptoms: Symptoms
    failed: tuple[tuple[PlannedRequest, PlannedBody], ...]
    good: tuple[frozenset[Choice], ...]
    """The choices of each request that did not fail at all."""
    varied: tuple[PlannedRequest, ...]
    """Those of no choices of their own: each has the body of another one, in another spelling or at another time."""


def _parts_of(kind: _Kind, narrowed: Narrowed) -> Iterator[_Failure]:
    """The failures of a kind, as long as each is narrowed to choices, and requests without these are left."""
    before = -1
    for _ in range(_MAX_FAILURES):
        left = [pair for pair in kind.failed if pair[0].id not in narrowed.choices]
        if not left or len(narrowed.choices) == before:
            return
        before = len(narrowed.choices)
        smallest, body = min(left, key=lambda pair: len(pair[0].request.body))
        common = frozenset(body.takes).intersection(*(other.takes for _, other in left))
        yield _Failure(smallest, kind.symptoms, body.takes, common, kind.good, tuple(left), kind.varied)


@dataclass(frozen=True)
class _Failure:
    """Planned requests that failed in one way, and what is known beside them."""

    planned: PlannedRequest
    """The smallest of them."""
    symptoms: Symptoms
    choices: tuple[Choice, ...]
    common: frozenset[Choice]
    """The choices that all of them have."""
    good: tuple[frozenset[Choice], ...]
    """The choices of each request that did not fail at all."""
    failed: tuple[tuple[PlannedRequest, PlannedBody], ...]
    varied: tuple[PlannedRequest, ...]

    @property
    def known_good(self) -> frozenset[Choice]:
        """The choices that some request had without failing."""
        return frozenset().union(*self.good)

    def may_be_due_to(self, choices: Collection[Choice]) -> bool:
        """False if a request had all these choices and did not fail: then the server fails now and then."""
        return not any(taken.issuperset(choices) for taken in self.good)

    def suspects(self) -> Iterator[list[Choice]]:
        """The choices that the failure may be due to, the likeliest first."""
        # Tags first: with any other choice in a branch its tag comes along, and would go unnamed.
        choices = sorted(self.choices, key=lambda choice: not choice.is_tag)
        unseen = [choice for choice in choices if choice not in self.known_good]
        # Two branches by themselves are soon told from all else that the requests have.
        yield [choice for choice in choices if choice in self.common and choice.tells_branch]
        yield [choice for choice in unseen if choice in self.common]
        yield [choice for choice in choices if choice in self.common]
        yield unseen
        yield choices


def _kinds(planned: Sequence[PlannedRequest], judged: dict[str, Judged]) -> Iterator[_Kind]:
    """Each kind of failure, as far as it can be told from the requests without one."""
    kinds: defaultdict[Symptoms, list[tuple[PlannedRequest, PlannedBody]]] = defaultdict(list)
    varied: defaultdict[Symptoms, list[PlannedRequest]] = defaultdict(list)
    for each in (each for each in planned if each.id in judged):
        symptoms = find_symptoms(judged[each.id])
        if each.draft:
            kinds[symptoms].append((each, each.draft))
        else:
            varied[symptoms].append(each)
    good_kinds = [kind for kind, pairs in kinds.items() if any(_is_good(judged[each.id]) for each, _ in pairs)]
    good = tuple(frozenset(body.takes) for kind in good_kinds for _, body in kinds.pop(kind))
    failed = [(symptoms, pairs) for symptoms, pairs in kinds.items() if symptoms[2]]  # others were put off
    for symptoms, pairs in failed[:_MAX_FAILURES] if good else ():
        yield _Kind(symptoms, tuple(pairs), good, tuple(varied[symptoms]))


def _is_good(judged: Judged) -> bool:
    return judged.exchange.is_accepted and not judged.failures


def find_symptoms(judged: Judged) -> Symptoms:
    """The way in which a server answered, as far as it depends on the request."""
    response = judged.exchange.response
    # Whether a value is new depends on the requests before.
    failed = {(each.check, each.pointer) for each in judged.failures if not each.earlier}
    if response is None:
        return None, "", frozenset(failed)
    return response.status, response.headers.joined("Content-Type") or "", frozenset(failed)


@dataclass
class _Trials:
    """The further requests for one failure."""

    contract: Contract
    failure: _Failure
    attempt: Try
    limits: Limits
    narrowed: Narrowed
    is_over: bool = False
    """True once nothing more is sent."""
    made: int = 0
    same: list[tuple[Judged, frozenset[Choice]]] = field(default_factory=list)
    """Those that failed in the same way, with their choices."""

    def narrow(self) -> None:
        """Takes choices away as long as the failure stays, and names what is left if it fails beside others too."""
        for suspects in self.failure.suspects():
            if suspects and self.fails(suspects):
                left = minimize(suspects, self.fails)
                if self.failure.may_be_due_to(left) and all(
                    self.fails(left, beside) for beside in self.failure.good[:_CONFIRMATIONS]
                ):
                    self._name(left)
                return

    def fails(self, choices: Sequence[Choice], beside: Collection[Choice] = ()) -> bool:
        """Tells whether a request with these choices fails in the same way; False once enough were sent."""
        if self.is_over or self.made >= _MAX_REQUESTS:
            return False
        request = self._request(choices, beside)
        judged = request and self.attempt(request)
        if not judged:
            self.is_over = request is not None
            return False
        self.made += 1
        self.narrowed.further.append(judged)
        is_same = find_symptoms(judged) == self.failure.symptoms
        self.same += [(judged, frozenset(choices))] if is_same else []
        return is_same

    @cached_property
    def _root(self) -> ChoicePoint | None:
        """The choices of the failed request's body, or of its parameters; None if it has neither."""
        return all_choices(self.contract, self._pointer, self.limits, self._medium) if self._pointer else None

    @property
    def _pointer(self) -> str | None:
        planned = self.failure.planned
        return planned.content.schema if planned.content else planned.operation.parameters_schema

    @cached_property
    def _medium(self) -> Medium | None:
        planned = self.failure.planned
        return medium_of(self.contract, planned.content) if planned.content else ParameterMedium(planned.operation)

    def _request(self, choices: Sequence[Choice], beside: Collection[Choice]) -> Request | None:
        """The failed request with these choices; None if no valid body has them."""
        planned = self.failure.planned
        if self._pointer is None or self._root is None:
            return None
        body = make_body(self._root, choices, self.failure.known_good, beside)
        is_valid = self.contract.request_validator(self._pointer).is_valid(body.body)
        if not is_valid or (self._medium and not self._medium.carries(body.body)):
            return None
        if planned.content is None:
            return make_request(planned.operation, body.body)
        written = write_body(self.contract.codec(read_scalar), planned.content, body.body, body.text)
        return with_body(planned.request, written.content, written.media_type)

    def _name(self, choices: Sequence[Choice]) -> None:
        """Names the choices at each request that failed and has them, or that varies such a one."""
        due_to = tuple(NarrowedChoice(str(choice), choice.pointer) for choice in choices)
        planned = [each for each, body in self.failure.failed if set(choices) <= set(body.takes)]
        known = {_meaning(each.request) for each in planned}
        varied = [each for each in self.failure.varied if _meaning(each.request) in known]
        further = [judged.exchange.id for judged, taken in self.same if set(choices) <= taken]
        self.narrowed.choices |= dict.fromkeys((*(each.id for each in (*planned, *varied)), *further), due_to)


def _meaning(request: Request) -> tuple[str, str | bytes]:
    """The target of a request, and its body: as a value if it is JSON, however that is spelled."""
    try:
        return request.target, json.dumps(json.loads(request.body), sort_keys=True)
    except ValueError:
        return request.target, request.body


def minimize(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """A smallest part of the items that still fails, by delta debugging (Zeller and Hildebrandt, 2002)."""
    parts = 2
    while len(items) > 1:
        chunks = [items[start::parts] for start in range(parts)]
        rests = [[item for item in items if item not in chunk] for chunk in chunks] if parts > 2 else []  # noqa: PLR2004 - of two, each is the rest of the other
        if chunk := next(filter(fails, chunks), None):
            items, parts = chunk, 2
        elif rest := next(filter(fails, rests), None):
            items, parts = rest, parts - 1
        elif parts >= len(items):
            break
        else:
            parts = min(2 * parts, len(items))
    return items
