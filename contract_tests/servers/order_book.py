"""The orders that a mock has to carry out, and the answers that follow from them."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from contract_tests.servers.preferences import APPLIED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contract_tests.servers.answer import Answer
    from contract_tests.servers.orders import Order
    from contract_tests.servers.preferences import Preferences


class Prescription(NamedTuple):
    """An answer that preferences prescribe, and the names of those that it honours."""

    answer: Answer
    honoured: tuple[str, ...]


@dataclass(frozen=True)
class Ways:
    """The ways in which a mock may answer a well-formed request."""

    usual: Callable[[], Answer]
    """Makes the answer where nobody asks for another."""
    refuse: Callable[[Sequence[str | int], str], Answer]
    """Makes the answer that blames the field at a path, with a message."""
    prescribe: Callable[[Preferences], Prescription | None]
    """Makes the answer that preferences prescribe; None if they leave the body to the mock."""
    honoured: tuple[str, ...]
    """The names of the preferences that the usual answer honours."""


class OrderBook:
    """Keeps orders until the next answers carry them out, and lets answers wait.

    `always` is the order for every answer without one of its own.
    """

    def __init__(self, always: Order) -> None:
        self._always = always
        self._orders: deque[Order] = deque()
        self._delays: deque[float] = deque()
        self._waiting: set[asyncio.Event] = set()
        self._is_released = False

    def take(self, order: Order) -> None:
        """Has the next answer be as the order says."""
        if order.is_about_the_answer:
            self._orders.append(order)
        if order.delay:
            self._delays.append(order.delay)

    def clear(self) -> None:
        """Forgets all orders."""
        self._orders.clear()
        self._delays.clear()

    def next(self) -> Order:
        """The order for the next answer, which is then carried out."""
        return self._orders.popleft() if self._orders else self._always

    async def wait(self, preferred: float | None = None) -> None:
        """Waits as long as the next answer is to: for its order, and for what the request prefers, in seconds."""
        ordered = self._delays.popleft() if self._delays else self._always.delay
        if (seconds := ordered + (preferred or 0.0)) and not self._is_released:
            await self._sleep(seconds)

    def release(self) -> None:
        """Ends every wait, now and from now on."""
        self._is_released = True
        for event in tuple(self._waiting):
            event.set()

    async def _sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(event)


def obey(order: Order, preferences: Preferences, ways: Ways) -> Answer:
    """The answer to a well-formed request: as ordered, else as the request prefers, else the usual one."""
    if order.is_about_the_answer:
        return _with_applied(order.carry_out(ways.usual, ways.refuse), preferences, ("wait",))
    if preferences and (prescribed := ways.prescribe(preferences)):
        return _with_applied(prescribed.answer, preferences, (*prescribed.honoured, "wait"))
    return _with_applied(ways.usual(), preferences, (*ways.honoured, "wait"))


def _with_applied(answer: Answer, preferences: Preferences, names: Sequence[str]) -> Answer:
    applied = preferences.applied(*names)
    return replace(answer, headers={**answer.headers, APPLIED: applied}) if applied else answer
