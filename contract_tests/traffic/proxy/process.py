"""The live proxy's process, apart from the judge, so that judging never keeps a request waiting."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from typing import TYPE_CHECKING, Final

import uvloop

from contract_tests.guard.upstream import Upstream
from contract_tests.runtime.child import end_with_parent
from contract_tests.runtime.serving import HOST, PortTakenError, entrances, listen
from contract_tests.traffic.proxy.gate import Gate
from contract_tests.traffic.proxy.orders import GRACE, MAX_WAITING, STOP, Listening, Over, Passed
from contract_tests.traffic.proxy.passage import Passage

if TYPE_CHECKING:
    import socket
    from multiprocessing.connection import Connection

    from contract_tests.traffic.proxy.orders import Orders

_PAUSE: Final = 0.05
"""How long exchanges are collected before they are told together, in seconds."""
OF_A_HEAD: Final = 4096
"""The least that an exchange takes while it waits, in bytes."""


def main(channel: Connection) -> None:
    """Passes on what comes, until the judge asks for an end or is gone."""
    logging.disable(logging.CRITICAL)  # messages of libraries may hold a secret
    orders: Orders = channel.recv()
    try:
        listener = listen(orders.port)
    except PortTakenError as error:
        channel.send(Listening("", str(error)))
        return
    outbox = Outbox(channel)
    outbox.finish(unfinished=uvloop.run(_serve(orders, listener, channel, outbox)))


class Outbox:
    """The exchanges that wait to be told, a bounded number of bytes of them; the others are counted."""

    def __init__(self, channel: Connection) -> None:
        self._channel = channel
        self._queue: queue.SimpleQueue[Passed | None] = queue.SimpleQueue()
        self._waiting = 0
        self._dropped = 0
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._tell_all, daemon=True)
        self._thread.start()

    def put(self, passed: Passed) -> None:
        """Takes an exchange, and never waits."""
        size = _size(passed)
        with self._lock:
            if self._waiting + size > MAX_WAITING:
                self._dropped += 1
                return
            self._waiting += size
        self._queue.put(passed)

    def finish(self, *, unfinished: int = 0) -> None:
        """Tells all that waits, how many did not fit, and how many never ended."""
        self._is_over.set()
        self._queue.put(None)
        self._thread.join()
        self._channel.send(Over(self._dropped, unfinished))

    def _tell_all(self) -> None:
        is_over = False
        while not is_over:
            batch = [self._queue.get()]
            # A thread that woke for each exchange would keep the next request waiting.
            self._is_over.wait(_PAUSE)
            while not self._queue.empty():
                batch.append(self._queue.get())
            is_over = None in batch
            self._tell([passed for passed in batch if passed])

    def _tell(self, batch: list[Passed]) -> None:
        self._channel.send(batch)
        with self._lock:
            self._waiting -= sum(map(_size, batch))


def _size(passed: Passed) -> int:
    """How many bytes an exchange takes, about."""
    response = passed.entry.response
    return OF_A_HEAD + len(passed.entry.body or b"") + len((response.body if response else None) or b"")


async def _serve(orders: Orders, listener: socket.socket, channel: Connection, outbox: Outbox) -> int:
    """Serves until the end. The number of exchanges that were still under way then."""
    upstream = Upstream(orders.url)
    passage = Passage(orders.url, upstream, Gate(orders), outbox.put)
    loop, is_over = asyncio.get_running_loop(), asyncio.Event()
    servers = [await asyncio.start_server(passage.serve, sock=entrance) for entrance in entrances(listener)]
    channel.send(Listening(f"http://{HOST}:{listener.getsockname()[1]}"))

    def hear(message: object) -> None:
        if message == STOP:
            loop.call_soon_threadsafe(is_over.set)

    end_with_parent(channel, hear)
    await is_over.wait()
    for server in servers:
        server.close()
    await passage.wait_until_idle(GRACE)
    upstream.close()
    return passage.under_way
