"""The limits of the live proxy: those that the user gave, and no other."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers
from contract_tests.guard.budget import Budget
from contract_tests.guard.policy import find_complaint
from contract_tests.guard.upstream import sent_on
from contract_tests.target.costs import Costs

if TYPE_CHECKING:
    import h11

    from contract_tests.contract.contract import Contract
    from contract_tests.traffic.proxy.orders import Orders

_CLIENT_ERROR: Final = 4


class Gate:
    """Decides which requests pass. Without limits, all do."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._budget = Budget(orders.max_calls)

    async def admit(self, head: h11.Request, body: bytes) -> str | None:
        """The limit that a request must not pass; None if it may go out, and then `settle` is to be called."""
        if complaint := self._find_complaint(head, body):
            return complaint
        if not self._may_be_call(head) or await self._budget.reserve():
            return None
        return "the limit of calls is reached"

    async def settle(self, head: h11.Request, status: int | None, *, reached: bool) -> None:
        """Counts a request as a call if it may have rung a phone: any response other than a 4xx, or none, counts."""
        if self._may_be_call(head):
            made = reached if status is None else status // 100 != _CLIENT_ERROR
            await self._budget.settle(made=made)

    def _find_complaint(self, head: h11.Request, body: bytes) -> str | None:
        if self._orders.limits.is_free:
            return None
        fields = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items())
        request = Request(head.method.decode(), head.target.decode("latin-1"), sent_on(fields), body)
        return find_complaint(request, self._orders.limits, self._contract)

    def _may_be_call(self, head: h11.Request) -> bool:
        if self._orders.max_calls is None:
            return False  # nobody counts, and the contract need not be read
        return self._costs.may_be_call(head.method.decode(), head.target.decode("latin-1").partition("?")[0])

    @cached_property
    def _costs(self) -> Costs:
        return Costs(self._contract.operations)

    @cached_property
    def _contract(self) -> Contract:
        contract = read_contract(self._orders.spec)
        return replace(contract, costs=self._orders.costs) if self._orders.costs else contract
