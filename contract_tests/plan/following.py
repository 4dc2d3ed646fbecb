"""Requests that the response to another request leads to: what was created is read, and read again at the end.

Only links to operations that do nothing and cost nothing are followed, so that no link makes a call.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from contract_tests.contract.paths import path_values
from contract_tests.exchange.runtime_expressions import evaluate
from contract_tests.plan.parameters import plan_parameters
from contract_tests.plan.requests import make_request
from contract_tests.plan.schedule import PlannedRequest
from spec.costs import SAFE_METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.links import Link
    from contract_tests.exchange.exchange import Exchange, Request
    from spec.json_value import Json

MAX_FOLLOWED: Final = 12
"""How many responses a link is followed from, in a run."""
READS: Final = 2
"""How often in a row: what has come further in between must not go back."""


class Follower:
    """Follows the links of a contract from one exchange to the next."""

    def __init__(self, contract: Contract, name: str = "linked") -> None:
        """Makes one with a name, with which the ids of its requests begin."""
        self._contract = contract
        self._name = name
        self._followed: Counter[str] = Counter()
        self._made: list[PlannedRequest] = []
        self._number = 0

    def after(self, planned: PlannedRequest, exchange: Exchange) -> list[PlannedRequest]:
        """The requests that an accepted request leads to, to be sent right away."""
        found = [each for link in self._links(exchange) for each in self._follow(link, planned, exchange)]
        self._made += found[::READS]
        return found

    def at_the_end(self) -> list[PlannedRequest]:
        """The requests that were made until now, once more."""
        return [self._number_it(replace(each, purpose=f"{each.purpose}, again at the end")) for each in self._made]

    def _links(self, exchange: Exchange) -> Iterator[Link]:
        source = self._contract.paths.find(exchange.request.method, exchange.request.path)
        if source is None or exchange.response is None or not exchange.is_accepted:
            return
        if exchange.is_masked:
            return  # the response held the token, which must stand in no path
        key = source.response_key(exchange.response.status)
        for link in self._contract.links:
            if (link.source.label, link.key) == (source.label, key) and _is_followed(link):
                yield link

    def _follow(self, link: Link, planned: PlannedRequest, exchange: Exchange) -> Iterator[PlannedRequest]:
        request = make_linked_request(self._contract, link, exchange)
        if request is None or self._followed[link.pointer] >= MAX_FOLLOWED:
            return
        self._followed[link.pointer] += 1
        for number in range(READS):
            again = ", once more" if number else ""
            purpose = f"{link.target.label} with what {planned.purpose} was answered{again}"
            yield self._number_it(PlannedRequest("", purpose, link.target, request))

    def _number_it(self, planned: PlannedRequest) -> PlannedRequest:
        self._number += 1
        return replace(planned, id=f"{self._name}-{self._number}")


def followed_links(contract: Contract) -> list[Link]:
    """The links that a run follows."""
    return [link for link in contract.links if _is_followed(link)]


def _is_followed(link: Link) -> bool:
    """Tells whether a link leads to a request that does nothing, and costs nothing."""
    return link.target.method in SAFE_METHODS and not link.target.costs


def make_linked_request(contract: Contract, link: Link, exchange: Exchange) -> Request | None:
    """Makes the request that an exchange leads to; None where the exchange does not have a value that it needs."""
    variables = path_values(link.source.path, exchange.request.path)
    given = {value: evaluate(value.expression, exchange, variables) for value in link.values}
    if not all(map(_is_text, given.values())):
        return None
    others = plan_parameters(contract, link.target, all_known_names=False).bodies
    values = {location: dict(fields) for location, fields in others[0].body.items()} if others else {}
    for value, found in given.items():
        values.setdefault(value.location, {})[value.name] = found
    needed = [each.name for each in link.target.parameters if each.location == "path"]
    has_all = all(name in values.get("path", {}) for name in needed)
    return make_request(link.target, values) if has_all else None


def _is_text(value: Json) -> bool:
    """Tells whether a value may stand in a path."""
    return isinstance(value, str | int) and not isinstance(value, bool) and bool(str(value))
