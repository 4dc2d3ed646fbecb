"""Requests that the response to another request leads to: what was created is read, listed, updated and deleted.

Only links to operations that do nothing and cost nothing are followed on the way, so that no link makes a call. What a
run deletes, it created: the plan's own deletions come last, and what is left goes at the end.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from contract_tests.contract.paths import path_values
from contract_tests.exchange.runtime_expressions import evaluate, is_text
from contract_tests.plan.parameters import plan_parameters
from contract_tests.plan.requests import make_request
from contract_tests.plan.schedule import PlannedRequest
from contract_tests.target.created import Created
from spec.costs import SAFE_METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.links import Link
    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Exchange, Request
    from spec.json_value import Json

MAX_FOLLOWED: Final = 12
"""How many responses a link is followed from, in a run. So many things are listed, read again and deleted twice."""
READS: Final = 2
"""How often in a row: what has come further in between must not go back."""


class Follower:
    """Follows the links of a contract from one exchange to the next."""

    def __init__(self, contract: Contract, name: str = "linked") -> None:
        """Makes one with a name, with which the ids of its requests begin."""
        self._contract = contract
        self._name = name
        self._created = Created(contract)
        self._parameters: dict[str, list[dict[str, dict[str, Json]]]] = {}
        self._followed: Counter[str] = Counter()
        self._made: list[PlannedRequest] = []
        self._number = 0

    def prepare(self, request: Request) -> Request | None:
        """The request as it is to be sent: one that changes or deletes a thing names one that the run created.

        None if it deletes a thing, and the run has created none.
        """
        return self._created.prepare(request)

    def creations_for(self, operation: Operation) -> list[Operation]:
        """The operations that create what a request to an operation changes, where the run has nothing of it left."""
        return self._created.creations_for(operation)

    def after(self, planned: PlannedRequest, exchange: Exchange) -> list[PlannedRequest]:
        """The requests that an accepted request leads to, to be sent right away."""
        if not exchange.is_accepted:
            return []
        found = [each for link in self._links(exchange) for each in self._follow(link, planned, exchange)]
        self._made += found[::READS]
        return [*found, *self._look_after(exchange)]

    def learn(self, exchanges: Iterable[Exchange]) -> None:
        """Takes exchanges of other senders into account: what they created is left, if nobody deleted it."""
        for each in exchanges:
            if each.is_accepted:
                self._created.note(each)

    def at_the_end(self) -> Iterator[PlannedRequest]:
        """The requests that were made until now, once more; then deletions of all that is left."""
        for each in self._made:
            yield self._number_it(replace(each, purpose=f"{each.purpose}, again at the end"))
        yield from self.deletions()

    def deletions(self) -> Iterator[PlannedRequest]:
        """Deletions of all that is left."""
        for things, path in list(self._created.left()):
            if things.delete and (request := self._at_path(things.delete, path)):
                purpose = f"{things.delete.label}, for what the run created and is left"
                yield self._number_it(PlannedRequest("", purpose, things.delete, request))

    def _look_after(self, exchange: Exchange) -> Iterator[PlannedRequest]:
        """Reads and lists what an exchange created, changed or deleted, and deletes once more what it deleted."""
        source = self._contract.paths.find(exchange.request.method, exchange.request.path)
        for things, path in self._created.note(exchange):
            has_more = things.list or things.updates or things.delete
            if source == things.create and things.read and has_more:
                yield from self._look_for_unknown(things.read)
            looks = (things.list,) if source == things.create else (things.read,)
            again = (things.delete, things.read) if source == things.delete else ()
            for operation in filter(None, (*looks, *again)):
                yield from self._look(operation, path, exchange)

    def _look_for_unknown(self, operation: Operation) -> Iterator[PlannedRequest]:
        """A request for a thing that nobody created, once: a server that finds it may have no memory.

        Who creates a thing may choose its name, as the plan does. So not every planned name is one of an unknown thing.
        """
        kind = f"{operation.label} for an unknown one"
        planned = (make_request(operation, values) for values in self._plans(operation))
        request = next((each for each in planned if not self._created.has(each.path)), None)
        if not self._followed[kind] and request:
            self._followed[kind] += 1
            yield self._number_it(PlannedRequest("", kind, operation, request))

    def _look(self, operation: Operation, path: str, exchange: Exchange) -> Iterator[PlannedRequest]:
        """A request about a thing, as long as there were not too many of its kind."""
        kind, method = f"{operation.label} after {exchange.request.method}", exchange.request.method
        last = operation.path.rstrip("/").rpartition("/")[2]
        above = path.rpartition("/")[0].rpartition("/")[0]
        request = self._at_path(operation, path if "{" in last else f"{above}/{last}")
        if request and self._followed[kind] < MAX_FOLLOWED:
            self._followed[kind] += 1
            yield self._number_it(PlannedRequest("", f"{operation.label} after {method} {path}", operation, request))

    def _at_path(self, operation: Operation, path: str) -> Request | None:
        """The plainest request to an operation, at the path of a thing; None where no valid one can be made."""
        values = self._plan(operation)
        needed = [each for each in operation.parameters if each.is_required]
        if not all(each.name in values.get(each.location, {}) for each in needed):
            return None
        request = make_request(operation, values)
        query = f"?{request.query}" if request.query else ""
        return replace(request, target=f"{path}{query}")

    def _links(self, exchange: Exchange) -> Iterator[Link]:
        source = self._contract.paths.find(exchange.request.method, exchange.request.path)
        if source is None or exchange.response is None:
            return
        if exchange.is_masked:
            return  # the response held the token, which must stand in no path
        yield from filter(is_followed, self._contract.links_from(source, exchange.response.status))

    def _follow(self, link: Link, planned: PlannedRequest, exchange: Exchange) -> Iterator[PlannedRequest]:
        request = self._make_linked_request(link, exchange)
        if request is None or self._followed[link.pointer] >= MAX_FOLLOWED:
            return
        self._followed[link.pointer] += 1
        for number in range(READS):
            again = ", once more" if number else ""
            purpose = f"{link.target.label} with what {planned.purpose} was answered{again}"
            yield self._number_it(PlannedRequest("", purpose, link.target, request))

    def _make_linked_request(self, link: Link, exchange: Exchange) -> Request | None:
        """Makes the request that an exchange leads to; None where the exchange does not have a value that it needs."""
        variables = path_values(link.source.path, exchange.request.path)
        given = {value: evaluate(value.expression, exchange, variables) for value in link.values}
        if not all(map(is_text, given.values())):
            return None
        values = {location: dict(fields) for location, fields in self._plan(link.target).items()}
        for value, found in given.items():
            values.setdefault(value.location, {})[value.name] = found
        needed = [each.name for each in link.target.parameters if each.location == "path"]
        has_all = all(name in values.get("path", {}) for name in needed)
        return make_request(link.target, values) if has_all else None

    def _plan(self, operation: Operation) -> dict[str, dict[str, Json]]:
        """The parameters of the first planned request to an operation, by location and name."""
        return next(iter(self._plans(operation)), {})

    def _plans(self, operation: Operation) -> list[dict[str, dict[str, Json]]]:
        """The parameters of the planned requests to an operation. Planned once."""
        if operation.label not in self._parameters:
            bodies = plan_parameters(self._contract, operation, all_known_names=False).bodies
            self._parameters[operation.label] = [dict(each.body) for each in bodies]
        return self._parameters[operation.label]

    def _number_it(self, planned: PlannedRequest) -> PlannedRequest:
        self._number += 1
        return replace(planned, id=f"{self._name}-{self._number}")


def is_followed(link: Link) -> bool:
    """Tells whether a link leads to a request that does nothing, and costs nothing."""
    return link.target.method in SAFE_METHODS and not link.target.costs
