"""When a planned request fails: which of its choices matters, found out with a handful of further requests.

The further requests have some of the failed one's choices each, and beside them only what is known to work. What is
left when no choice can be taken away is what matters: mostly one choice, or two that fail together.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Final, TypeVar

import httpx

from contract_tests.contract.contract import JSON_MEDIA_TYPE
from contract_tests.exchange.exchange import CheckedCase, join
from contract_tests.exchange.marks import CASE_ID
from contract_tests.judge.checks import BODY_CHECKS, RESPONSE_CHECKS, judge
from contract_tests.judge.judgement import read_json, response_breaches
from contract_tests.judge.rules import find_broken_rules, make_rule_checks
from contract_tests.plan.plan import make_body
from contract_tests.plan.schedule import describe_planned
from contract_tests.target.limits import FREE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from contract_tests.contract.contract import Contract, Operation
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.guard.process import Guard
    from contract_tests.judge.checks import Check
    from contract_tests.plan.choices import Choice
    from contract_tests.plan.packing import PlannedBody
    from contract_tests.plan.plan import Plan
    from contract_tests.plan.schedule import Schedule
    from contract_tests.target.limits import Limits

    Send = Callable[[Operation, object], Exchange | None]

T = TypeVar("T")
_MAX_REQUESTS: Final = 24
"""How many requests one failure may take to narrow."""
_CONFIRMATIONS: Final = 2
"""Beside how many others that work the choices must fail too: a server that fails at random may do so once."""
_MAX_FAILURES: Final = 5
"""How many failures that differ are narrowed."""

Symptoms = tuple[int | None, str, frozenset[str]]
"""How a server answered: status, media type, and what of the contract the answer breaks."""


def narrow_failures(
    contract: Contract, schedule: Schedule, exchanges: Sequence[Exchange], send: Send, limits: Limits = FREE
) -> Iterator[Exchange]:
    """The further requests for each kind of failure among the planned ones, as far as the guard sends them.

    The last one of a kind that fails in the same way has the failures of the planned one, and the choices that matter.
    """
    for operation in contract.operations:
        plan = schedule.plans.get(operation.label)
        if plan is None or "{" in operation.path:
            continue
        for failure in _failures(contract, operation, plan, exchanges):
            trials = _Trials(contract, operation, failure, send, limits)
            trials.narrow()
            yield from trials.made


def make_sender(guard: Guard, client: httpx.Client, deadline: float) -> Send:
    """Sends a body to an operation of the guarded target; None where the guard does not send it.

    None too after the deadline, a time of the monotonic clock.
    """
    numbers = count(1)

    def send(operation: Operation, body: object) -> Exchange | None:
        if time.monotonic() > deadline:
            return None
        case = CheckedCase(
            f"further-{next(numbers)}", operation.label, "positive", "a further request, to narrow a failure", (), ()
        )
        headers = {
            "Authorization": f"Bearer {guard.door.placeholder}",
            "Content-Type": JSON_MEDIA_TYPE,
            CASE_ID: case.case_id,
        }
        with suppress(httpx.HTTPError):
            client.request(
                operation.method, f"{guard.door.url}{operation.path}", content=json.dumps(body), headers=headers
            )
        return next(iter(join([case], guard.exchanges()).exchanges), None)

    return send


@dataclass(frozen=True)
class _Failure:
    """Planned requests that failed in one way, and what is known beside them."""

    exchange: Exchange
    """Of the smallest of them."""
    symptoms: Symptoms
    choices: tuple[Choice, ...]
    common: frozenset[Choice]
    """The choices that all of them have."""
    good: tuple[frozenset[Choice], ...]
    """The choices of each request that did not fail at all."""

    @property
    def known_good(self) -> frozenset[Choice]:
        """The choices that some request had without failing."""
        return frozenset().union(*self.good)

    def suspects(self) -> Iterator[list[Choice]]:
        """What the failure may be due to, the likeliest first."""
        # Tags first: with any other choice in a branch its tag comes along, and would go unnamed.
        choices = sorted(self.choices, key=lambda choice: not choice.is_tag)
        unseen = [choice for choice in choices if choice not in self.known_good]
        yield [choice for choice in unseen if choice in self.common]
        yield [choice for choice in choices if choice in self.common]
        yield unseen
        yield choices


def _failures(
    contract: Contract, operation: Operation, plan: Plan, exchanges: Sequence[Exchange]
) -> Iterator[_Failure]:
    """Each kind of failure, as far as it can be told from the requests without one."""
    sent = {exchange.description: exchange for exchange in exchanges if exchange.label == operation.label}
    kinds: dict[Symptoms, list[tuple[PlannedBody, Exchange]]] = defaultdict(list)
    for number, planned in enumerate(plan.bodies, 1):
        if exchange := sent.get(describe_planned(number, len(plan.bodies))):
            kinds[find_symptoms(contract, operation, exchange)].append((planned, exchange))
    good_kinds = [kind for kind, pairs in kinds.items() if any(_is_good(exchange) for _, exchange in pairs)]
    good = tuple(frozenset(planned.takes) for kind in good_kinds for planned, _ in kinds.pop(kind))
    for symptoms, pairs in list(kinds.items())[:_MAX_FAILURES] if good else ():
        planned, exchange = min(pairs, key=lambda pair: len(pair[1].request.body))
        common = frozenset(planned.takes).intersection(*(other.takes for other, _ in pairs))
        yield _Failure(exchange, symptoms, planned.takes, common, good)


def _is_good(exchange: Exchange) -> bool:
    return exchange.is_accepted and not exchange.failures


def find_symptoms(contract: Contract, operation: Operation, exchange: Exchange) -> Symptoms:
    """How the server answered, as far as it depends on the request."""
    if exchange.response is None:
        return None, "", frozenset()
    media_type = next((value for name, value in exchange.response.headers if name.lower() == "content-type"), "")
    broken = {breach.pointer for breach in response_breaches(contract, operation, exchange)}
    request, answer = read_json(exchange.request.body), read_json(exchange.response.body)
    if exchange.is_accepted and isinstance(request, dict) and isinstance(answer, dict):
        broken |= find_broken_rules(contract, operation, request, answer)
    return exchange.response.status, media_type, frozenset(broken)


@dataclass
class _Trials:
    """The further requests for one failure."""

    contract: Contract
    operation: Operation
    failure: _Failure
    send: Send
    limits: Limits
    is_over: bool = False
    """Whether the guard sends no more."""
    made: list[Exchange] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    """Which of them failed in the same way."""
    checks: Mapping[str, Check] = field(default_factory=lambda: RESPONSE_CHECKS | BODY_CHECKS | make_rule_checks())
    """What the others are held to: one may fail in a way of its own."""

    def narrow(self) -> None:
        """Takes choices away as long as the failure stays, and names what is left if it fails beside others too."""
        for suspects in self.failure.suspects():
            if suspects and self.fails(suspects):
                left = minimize(suspects, self.fails)
                if all(self.fails(left, beside) for beside in self.failure.good[:_CONFIRMATIONS]):
                    self._name(left)
                return

    def fails(self, choices: Sequence[Choice], beside: Collection[Choice] = ()) -> bool:
        """Whether a request with these choices fails in the same way; no longer once enough were sent."""
        if self.is_over or len(self.made) >= _MAX_REQUESTS:
            return False
        known_good = self.failure.known_good
        body = make_body(self.contract, self.operation.body or "", choices, known_good, beside, self.limits)
        if not self.contract.validator(self.operation.body or "").is_valid(body):
            return False
        exchange = self.send(self.operation, body)
        if exchange is None:
            self.is_over = True
            return False
        is_same = find_symptoms(self.contract, self.operation, exchange) == self.failure.symptoms
        if is_same:
            self.same.append(len(self.made))
            self.made.append(replace(exchange, failures=self.failure.exchange.failures))
        else:
            self.made.append(judge(self.contract, exchange, self.checks.items()))
        return is_same

    def _name(self, choices: Sequence[Choice]) -> None:
        """Names the choices in the smallest request that failed."""
        smallest = min(self.same, key=lambda index: len(self.made[index].request.body))
        self.made[smallest] = replace(self.made[smallest], choices=tuple(str(choice) for choice in choices))


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
