"""Sends the requests of a schedule, and those that their answers lead to."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain, count
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.marks import NO_RESPONSE
from contract_tests.plan.following import Follower
from contract_tests.plan.schedule import PlannedRequest, at_once
from contract_tests.run.lanes import Lanes
from contract_tests.run.sending import Sender
from contract_tests.target.costs import Costs

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Exchange, Request
    from contract_tests.guard.guard import Guard
    from contract_tests.plan.schedule import Schedule
    from contract_tests.run.order import Order
    from contract_tests.run.sending import Answer
    from contract_tests.target.options import Options

_NO_PARTS: Final[Mapping[str, int]] = MappingProxyType({})
_ANEW: Final = "a thing created anew, to narrow a failure"
_SUCCESS: Final = 2
_CLIENT_ERROR: Final = 4


@dataclass
class Dispatch:
    """The sending of a schedule. `deadline` is when the run is to end, on the monotonic clock."""

    guard: Guard
    contract: Contract
    schedule: Schedule
    options: Options
    deadline: float
    order: Order
    purposes: dict[str, str]
    """The purposes of the run's requests, by their ids. Those that answers lead to are added."""
    is_stopped: threading.Event
    """Set once the run is to end: then nothing more is sent."""

    def __post_init__(self) -> None:
        self._lanes = Lanes(self._sender, self.order.lane, self.options.workers)
        self._followers: dict[int, Follower] = {}
        self._costs = Costs(self.contract.operations)
        self._numbers = count(1)

    def send_valid(self) -> None:
        """Sends the valid requests, all operations' side by side."""
        self._lanes.send(self.schedule.valid, self._send)

    def send_invalid(self) -> None:
        """Sends the invalid requests: as many as make an operation's part of the calls, and at the end the others."""
        parts = self._share_reserve()

        def send_part(sender: Sender, requests: Sequence[PlannedRequest]) -> Sequence[PlannedRequest]:
            return self._send(sender, requests, parts)

        left = list(chain.from_iterable(self._lanes.send(self.schedule.invalid, send_part)))
        self.order.put_off(left)
        with self._sender() as sender:
            self._send(sender, left)

    def learn(self, exchanges: Iterable[Exchange]) -> None:
        """Takes exchanges of another sender into account: what they created is to be deleted at the end."""
        for each in exchanges:
            if operation := self.contract.paths.find(each.request.method, each.request.path):
                self._follower(operation).learn([each])

    def prepare(self, request: Request) -> Request | None:
        """The request as it is to be sent; None if it deletes a thing, and the run has created none that is left."""
        operation = self.contract.paths.find(request.method, request.path)
        return self._follower(operation).prepare(request) if operation else request

    def send_spare(self) -> None:
        """Sends the valid requests that were kept for the end, one by one. The calls for them may be spent by now."""
        with self._sender() as sender:
            self._send(sender, self.schedule.spare)
            for _, follower in sorted(self._followers.items()):
                self._send_all(sender, follower, follower.at_the_end())

    def create_anew(self, sender: Sender, request: Request) -> list[Exchange]:
        """Creates what a request is to change, where the run has nothing of it left. Gives the exchanges.

        It sends the first request again that created such a thing. Each may be a call, which the guard may not allow.
        """
        operation = self.contract.paths.find(request.method, request.path)
        made: list[Exchange] = []
        for creation in self._follower(operation).creations_for(operation) if operation else ():
            planned = self._accepted(creation)
            made += self._send_all(sender, self._follower(creation), [planned] if planned else ())
        return made

    def delete_what_is_left(self) -> list[Exchange]:
        """Deletes what was created since all was deleted. Gives the exchanges."""
        with self._sender() as sender:
            followers = [follower for _, follower in sorted(self._followers.items())]
            return [each for one in followers for each in self._send_all(sender, one, one.deletions())]

    def _accepted(self, operation: Operation) -> PlannedRequest | None:
        """The first request to an operation that was accepted, as one to send again; None if none was."""
        planned = (each for each in self.schedule.valid if each.operation == operation)
        accepted = (each for each in planned if (found := self.guard.find(each.id)) and found.is_accepted)
        if (first := next(accepted, None)) is None:
            return None
        request = self.prepare(first.request) or first.request
        return replace(first, id=f"anew-{next(self._numbers)}", purpose=_ANEW, request=request)

    def _send_all(self, sender: Sender, follower: Follower, requests: Iterable[PlannedRequest]) -> list[Exchange]:
        """Sends requests one by one, and learns from each what is left."""
        sent: list[Exchange] = []
        for each in requests:
            self._send_linked(sender, each)
            if exchange := self.guard.find(each.id):
                follower.learn([exchange])
                sent += () if exchange.refusal else [exchange]
        return sent

    def _share_reserve(self) -> dict[str, int]:
        """The calls that the invalid requests for each operation may make, by its label; {} without a limit.

        They have equal parts of the calls that the valid ones leave. So what one operation accepts takes nothing from
        another one, whichever comes first.
        """
        if self.options.max_calls is None:
            return {}
        labels = list(dict.fromkeys(each.operation.label for each in filter(self._may_cost, self.schedule.invalid)))
        left = self.options.max_calls - sum(map(self._may_cost, self.schedule.valid))
        least, more = divmod(max(0, left), max(1, len(labels)))
        return {label: least + (place < more) for place, label in enumerate(labels)}

    def _sender(self) -> Sender:
        return Sender(self.guard.door, self.options.max_wait, self.deadline)

    @property
    def _is_over(self) -> bool:
        return self.is_stopped.is_set() or time.monotonic() > self.deadline

    def _send(
        self, sender: Sender, requests: Sequence[PlannedRequest], parts: Mapping[str, int] = _NO_PARTS
    ) -> Sequence[PlannedRequest]:
        """Sends requests in their order. Once an operation has made its part of calls, more of them are put off.

        Returns those that were put off.
        """
        made, put_off = Counter[str](), list[PlannedRequest]()
        for group in at_once(requests):
            if self._is_over:
                return ()
            label = group[0].operation.label
            if label in parts and made[label] >= parts[label] and any(map(self._may_cost, group)):
                put_off += group
                continue
            sent = list(self._prepared(group))
            answers = sender.send_at_once([(request, planned.id) for planned, request in sent])
            for (planned, _), answer in zip(sent, answers, strict=True):
                made[label] += self._may_cost(planned) and _may_be_call(answer)
                self._follow(sender, planned, answer)
        return put_off

    def _prepared(self, group: Iterable[PlannedRequest]) -> Iterator[tuple[PlannedRequest, Request]]:
        """The requests as they are sent. One that deletes a thing is left out if the run has created none."""
        for planned in group:
            if request := self.prepare(planned.request):
                yield planned, request

    def _may_cost(self, planned: PlannedRequest) -> bool:
        return self._costs.may_be_call(planned.request.method, planned.request.path)

    def _follow(self, sender: Sender, planned: PlannedRequest, answer: Answer | None) -> None:
        """Sends the requests that an accepted request leads to."""
        if answer is None or answer.status // 100 != _SUCCESS:
            return
        exchange, follower = self.guard.find(planned.id), self._follower(planned.operation)
        for each in follower.after(planned, exchange) if exchange else ():
            self._send_linked(sender, each, planned.id)

    def _follower(self, operation: Operation) -> Follower:
        """The follower of a lane. Each has its own, so that it depends on no other lane how far a link is followed."""
        lane = self.order.lane(operation)
        return self._followers.setdefault(lane, Follower(self.contract, f"linked-{lane}"))

    def _send_linked(self, sender: Sender, planned: PlannedRequest, source: str | None = None) -> None:
        if not self._is_over:
            self.purposes[planned.id] = planned.purpose
            self.order.follow(planned.id, source)
            sender.send(planned.request, planned.id)


def _may_be_call(answer: Answer | None) -> bool:
    """Tells whether the guard may have counted a request as a call, by its answer."""
    if answer is None or answer.mark == NO_RESPONSE:
        return True
    return answer.mark is None and answer.status // 100 != _CLIENT_ERROR
