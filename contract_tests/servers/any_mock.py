"""The mock of any spec, for people: it does as it is told, may be used in a browser, and tells what it received.

It remembers the things that are created (see contract/things.py). All else it makes up, and then the same request
gets the same answer.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.routing import Router

from contract_tests.servers.answer_maker import plainest_values
from contract_tests.servers.any_spec import create_app, read_asked
from contract_tests.servers.control import control_routes
from contract_tests.servers.edge import Access, at_the_edge
from contract_tests.servers.journal import Journal
from contract_tests.servers.order_book import OrderBook, Ways, obey
from contract_tests.servers.orders import Order
from contract_tests.servers.preferences import of_headers
from contract_tests.servers.prescribed import prescribe
from contract_tests.servers.reasons import find_reasons, find_reasons_of_parameters
from contract_tests.servers.stateful import Stateful

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TextIO

    from starlette.types import ASGIApp, Scope

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.things import Things
    from contract_tests.servers.answer import Answer
    from contract_tests.servers.any_spec import Asked
    from contract_tests.servers.order_book import Prescription
    from contract_tests.servers.preferences import Preferences
    from contract_tests.servers.reasons import Reason

KEPT: Final = 10_000
"""How many things of a kind are kept."""


class AnyMock(Stateful):
    """A mock that keeps a contract, unless it is told otherwise for its next answers.

    `always` is the order for every answer without one of its own.
    """

    def __init__(self, contract: Contract, token: str, always: Order | None = None, log: TextIO | None = None) -> None:
        super().__init__(contract, token)
        self.journal = Journal(log)
        self._orders = OrderBook(always or Order())

    def app(self, origins: Sequence[str] = ()) -> ASGIApp:
        """The application that serves it. Pages of the origins may use it, beside those of this machine."""
        routed = Router(control_routes(self), redirect_slashes=False, default=create_app(self))
        return at_the_edge(routed, self.journal, self.reasons, origins, Access.of(self.contract.operations))

    def order(self, order: Order) -> None:
        """Has the next answer be as the order says."""
        self._orders.take(order)

    def reset(self) -> None:
        """Forgets what it received, created and was told."""
        self.forget()
        self._orders.clear()
        self.journal.clear()

    async def reply(self, asked: Asked) -> Answer:
        """The answer to a request, once it is due. Orders and preferences are about requests that the spec allows."""
        if refusal := self.refusal(asked):
            await self._orders.wait()
            return refusal
        preferences = of_headers((name.lower(), value) for name, value in asked.headers)
        answer = obey(self._orders.next(), preferences, self._ways(asked))
        await self._orders.wait(preferences.wait)
        return answer

    def reasons(self, scope: Scope, body: bytes) -> tuple[Reason, ...]:
        """The reasons why a request is none that the spec allows: of its parameters, and of its body."""
        asked = read_asked(self.contract, scope, body)
        if asked is None:
            return ()
        of_body = find_reasons(self.contract, asked.operation, asked.headers, body, self.read)
        return (*find_reasons_of_parameters(self.contract, asked.operation, self.parameters(asked)), *of_body)

    def create(self, things: Things, asked: Asked) -> Answer:
        """Keeps a new thing, and the newest ones alone."""
        answer, kept = super().create(things, asked), self.kept(things)
        if len(kept) > KEPT:
            del kept[next(iter(kept))]
        return answer

    def make_values(self, pointer: str) -> list[Any]:
        """Makes the plainest value that keeps the schema at a pointer. People read it, and must not wait for it."""
        return plainest_values(self.contract, pointer)

    def _ways(self, asked: Asked) -> Ways:
        return Ways(
            usual=partial(self.accept, asked),
            refuse=lambda _location, _message: self.refuse_request(asked),
            prescribe=partial(self._prescribe, asked),
            honoured=("code", "dynamic"),
        )

    def _prescribe(self, asked: Asked, preferences: Preferences) -> Prescription | None:
        return prescribe(self.contract, self.maker, asked.operation, preferences)
