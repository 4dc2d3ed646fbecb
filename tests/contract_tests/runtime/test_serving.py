"""Servers on the loopback under load."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from contract_tests.runtime.serving import running

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

WAITING: Final = 100
PATIENCE: Final = 30.0
"""In seconds; only a test that fails waits so long."""


@dataclass
class Halting:
    """An application that stands still at the first request, and counts the turns of its loop until all others came."""

    stands: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)
    turns: int = 0
    served: int = 0
    counting: asyncio.Task[None] | None = None

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        if not self.stands.is_set():
            self.stands.set()
            self.may_go_on.wait(PATIENCE)  # nothing else can run meanwhile
            self.counting = asyncio.create_task(self._count())
        else:
            self.served += 1
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def _count(self) -> None:
        while self.served < WAITING:
            self.turns += 1
            await asyncio.sleep(0)


def test_connections_that_wait_are_accepted_many_at_a_time() -> None:
    app = Halting()
    with running(app) as url, ExitStack() as stack:
        first, *others = (_ask(url, stack, app.stands) for _ in range(1 + WAITING))
        app.may_go_on.set()
        assert all(connection.recv(12) == b"HTTP/1.1 204" for connection in (first, *others))
    assert app.turns < WAITING / 2


def _ask(url: str, stack: ExitStack, stands: threading.Event) -> socket.socket:
    """Opens a connection and sends a request on it; then waits until the application stands still."""
    address = urlsplit(url)
    connection = stack.enter_context(socket.create_connection((address.hostname, address.port), PATIENCE))
    connection.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
    assert stands.wait(PATIENCE)
    return connection
