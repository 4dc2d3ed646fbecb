"""The steps of a replay: requests about things that are there no more name things that are created anew."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from contract_tests.contract.paths import is_within
from contract_tests.judge.creations import created_paths
from contract_tests.judge.things import GONE
from contract_tests.result.finding_file import creations_of, requests_of
from spec.costs import SAFE_METHODS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Exchange, Request
    from contract_tests.result.result import Finding

    Send = Callable[[Request, str], Exchange | None]
    """Sends a request with a name; None where it was not exchanged."""


def send_finding(contract: Contract, finding: Finding, send: Send) -> str | None:
    """Sends the requests of a finding, each with a name. Gives the reason why one of them must not be sent, or None.

    Things are created anew where a request would change one, or where one is there no more.
    """
    requests, creations = requests_of(finding), creations_of(finding)
    steps = _Steps(contract, send, may_change=not (creations or finding.example.before))
    if creations and any(each.method not in SAFE_METHODS for each in requests):
        return steps.take((*creations, *requests))
    stopped = steps.take(requests)
    if creations and steps.has_missed(finding):
        return steps.take((*creations, *requests))
    return stopped


@dataclass
class _Steps:
    """The steps of a replay: each names what one before it created. Only that is changed, or with `may_change` all."""

    contract: Contract
    send: Send
    may_change: bool
    _sent: list[tuple[Request, Exchange | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._renewal = Renewal(self.contract)

    def take(self, requests: Iterable[Request]) -> str | None:
        """Sends requests. Stops before one that must not be sent, and gives the reason; None if there is none."""
        for request in requests:
            renewed = self._renewal.renew(request) or (request if self.may_change else None)
            if renewed is None:
                return self._explain(request)
            exchange = self.send(renewed, f"replay-{len(self._sent)}")
            self._sent.append((renewed, exchange))
            if exchange:
                self._renewal.note(exchange)
        return None

    def has_missed(self, finding: Finding) -> bool:
        """Tells whether the last request was about a thing that is there no more."""
        (_, exchange), before = self._sent[-1], finding.example.response
        status = exchange and exchange.response and exchange.response.status
        return status in GONE and (before is None or before.status != status)

    def _explain(self, request: Request) -> str:
        rule = "A replay changes and deletes only what it created itself"
        if failed := find_refused(exchange for _, exchange in self._sent if exchange):
            return f"{rule}, and the target answered {failed}."
        return (
            f"{rule}, and the finding's file does not hold what created {request.path}. "
            "Only a whole run can show it again."
        )


def find_refused(exchanges: Iterable[Exchange]) -> str | None:
    """The status of the first exchange that was not accepted, with its request; None if all were accepted."""
    answered = ((each.request, each.response) for each in exchanges if each.response and not each.is_accepted)
    return next((f"{response.status} to {request.method} {request.path}" for request, response in answered), None)


class Renewal:
    """The things that a replay created, for its further requests to name."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._made: dict[str, str] = {}
        """The path of the thing of each kind that was created last, by the template of such paths."""

    def note(self, exchange: Exchange) -> None:
        """Takes an exchange into account."""
        self._made |= created_paths(self._contract, exchange)

    def renew(self, request: Request) -> Request | None:
        """The request with the path of the thing that was created last, if it is about one.

        None if it would change a thing that the replay did not create.
        """
        operation = self._contract.paths.find(request.method, request.path)
        begin = self._begin_of(operation) if operation else None
        if begin is None:
            return None if operation and operation.changes_a_thing else request
        parts, query = request.path.split("/"), request.target[len(request.path) :]
        return replace(request, target="/".join([self._made[begin], *parts[begin.count("/") + 1 :]]) + query)

    def _begin_of(self, operation: Operation) -> str | None:
        """The template of the longest path of a thing that the operation's path begins with."""
        begins = [begin for begin in self._made if is_within(operation.path, begin)]
        return max(begins, key=len, default=None)


def operations_behind(contract: Contract, label: str) -> frozenset[str]:
    """The labels of the operations that a finding of an operation may take before.

    They read, update and delete the same things, or create these and whatever they are within.
    """
    of_things = (kind.operations for kind in contract.things if label in {each.label for each in kind.operations})
    found = {each.label: each for operations in of_things for each in operations}
    waiting = [contract.operation(label), *found.values()]
    while waiting:
        path = waiting.pop().path
        for link in contract.links:
            if link.place and is_within(path, link.place) and link.source.label not in found:
                found[link.source.label] = link.source
                waiting.append(link.source)
    return frozenset([label, *found])
