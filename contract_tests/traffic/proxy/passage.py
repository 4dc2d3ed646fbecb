"""One connection of the application: passes each request on to the server, and each response back, as they come.

Between the two, only what concerns one connection alone is made anew (RFC 9110, section 7.6.1), and `Host` names the
server. The proxy answers itself where a limit holds a request back, and where no response came: with the field `MARK`.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import h11

from contract_tests.exchange.headers import Headers
from contract_tests.exchange.marks import MARK, NO_RESPONSE, NOT_SENT
from contract_tests.guard.connection import UnreachableError, UnreadableError
from contract_tests.runtime.hosts import is_own_host, without_port
from contract_tests.traffic.codings import undo_coding
from contract_tests.traffic.entry import Entry, response_of
from contract_tests.traffic.proxy.orders import Passed
from contract_tests.traffic.proxy.relay import Downstream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract_tests.guard.connection import Fields, RawResponse
    from contract_tests.guard.upstream import Upstream
    from contract_tests.traffic.proxy.gate import Gate

_MAX_HEAD: Final = 64 * 1024
"""The longest request line with header fields, in bytes."""
_MAX_BODY: Final = 16 * 2**20
"""The longest body of a request, in bytes."""
_READ: Final = 64 * 1024
_PATIENCE: Final = 5.0
"""How long the server has for its response to an application that says no more, in seconds: it may still listen."""


class _UnfitError(Exception):
    """The request is none that can be passed on. `args` are the status and the reason."""


class Passage:
    """Serves the connections of the application. `keep` is given each exchange once it is over."""

    def __init__(
        self,
        url: str,
        upstream: Upstream,
        gate: Gate,
        keep: Callable[[Passed], None],
        patience: float = _PATIENCE,
    ) -> None:
        self._url = url
        self._host = urlsplit(url).hostname or ""
        self._patience = patience
        self._upstream = upstream
        self._gate = gate
        self._keep = keep
        self.under_way = 0
        """How many requests are under way."""
        self._idle = asyncio.Event()
        self._idle.set()

    async def wait_until_idle(self, seconds: float) -> None:
        """Waits until no request is under way, `seconds` at most."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), seconds)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves a connection until one of both sides ends it."""
        http = h11.Connection(h11.SERVER, max_incomplete_event_size=_MAX_HEAD)
        try:
            while await self._serve_one(http, reader, writer):
                http.start_next_cycle()
        except OSError:
            pass  # the application is gone
        finally:
            writer.close()

    async def _serve_one(
        self, http: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Serves a request. True if the connection takes another one."""
        downstream = Downstream(http, writer)
        try:
            head, body = await _read_request(http, reader, writer, self._host)
        except EOFError:
            return False
        except (_UnfitError, h11.RemoteProtocolError) as error:
            status, reason = error.args if isinstance(error, _UnfitError) else (error.error_status_hint, str(error))
            if http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
                downstream.answer(status, _marked(NOT_SENT), f"not sent: {reason}\n")
            return False
        with self._noting(), self._watching(reader, downstream):
            is_whole = await self._pass_on(head, body, downstream)
        await writer.drain()
        return is_whole and http.our_state is h11.DONE and http.their_state is h11.DONE

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Notes that a request is under way."""
        self.under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self.under_way -= 1
            if not self.under_way:
                self._idle.set()

    @contextmanager
    def _watching(self, reader: asyncio.StreamReader, downstream: Downstream) -> Iterator[None]:
        """Ends the server's connection some time after the application has hung up, for nobody waits for a response."""
        loop = asyncio.get_running_loop()
        timers: list[asyncio.TimerHandle] = []

        def wait() -> None:
            timers[:] = [loop.call_later(self._patience, look)]

        def look() -> None:
            is_gone = reader.at_eof() or reader.exception() is not None  # the latter where the connection was reset
            if not (is_gone and downstream.hang_up()):
                wait()

        wait()
        try:
            yield
        finally:
            timers[0].cancel()

    async def _pass_on(self, head: h11.Request, body: bytes, downstream: Downstream) -> bool:
        """Passes a request on, if no limit holds it back. False if the response broke off."""
        if refusal := await self._gate.admit(head, body):
            downstream.answer(424, _marked(NOT_SENT), f"not sent: {refusal}\n")
            self._keep(Passed(self._entry(head, body, None), refusal))
            return True
        answer, trouble = await self._exchange(head, body, downstream)
        told = str(trouble) if trouble and not downstream.has_hung_up else None
        self._keep(Passed(self._entry(head, body, answer), trouble=told))
        if trouble and not downstream.has_begun and not downstream.has_hung_up:
            downstream.answer(502, _marked(NO_RESPONSE), f"the server {trouble}\n")
            return True
        return trouble is None

    async def _exchange(
        self, head: h11.Request, body: bytes, downstream: Downstream
    ) -> tuple[RawResponse | None, Exception | None]:
        """The response of the server, or why there is none to its end."""
        answer, trouble = None, None
        try:
            answer = await self._upstream.relay(head, body, downstream)
        except (UnreachableError, UnreadableError, h11.LocalProtocolError) as error:
            trouble = error
        finally:
            reached = not isinstance(trouble, UnreachableError | h11.LocalProtocolError)
            await self._gate.settle(head, answer.status if answer is not None else None, reached=reached)
        return answer, trouble

    def _entry(self, head: h11.Request, body: bytes, answer: RawResponse | None) -> Entry:
        """The exchange as it passed."""
        sent, received = _headers(head.headers.raw_items()), _headers(answer.fields) if answer else None
        content = None if answer is None or answer.is_cut else bytes(answer.body)
        response = response_of(answer.status, received, content) if answer else None
        url = f"{self._url}{head.target.decode('latin-1')}"
        return Entry(head.method.decode("latin-1"), url, sent, undo_coding(body, sent), response)


async def _read_request(
    http: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: str
) -> tuple[h11.Request, bytes]:
    """The next request to a server, by the name of its host or of this machine.

    Raises:
        EOFError: there is no more.
        h11.RemoteProtocolError: it is no HTTP.
        _UnfitError: it cannot be passed on.
    """
    head = await _next_event(http, reader)
    if not isinstance(head, h11.Request):
        raise EOFError  # noqa: TRY004 - the application has ended the connection
    if head.method == b"CONNECT":
        raise _UnfitError(501, "this proxy stands in front of one server, and makes no tunnels")
    for host in (value.decode("latin-1") for name, value in head.headers if name == b"host"):
        if without_port(host) != server and not is_own_host(host):  # a page's own name may lead here
            raise _UnfitError(421, f"{host} is neither this machine nor the server")
    body = bytearray()
    if http.they_are_waiting_for_100_continue:
        writer.write(http.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
    while isinstance(event := await _next_event(http, reader), h11.Data):
        body += event.data
        if len(body) > _MAX_BODY:
            raise _UnfitError(413, f"the body is longer than {_MAX_BODY >> 20} MiB")
    if not isinstance(event, h11.EndOfMessage):
        raise EOFError  # noqa: TRY004 - the same
    return head, bytes(body)


async def _next_event(http: h11.Connection, reader: asyncio.StreamReader) -> object:
    while (event := http.next_event()) is h11.NEED_DATA:
        http.receive_data(await reader.read(_READ))
    return event


def _headers(fields: Fields) -> Headers:
    return Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields)


def _marked(mark: str) -> Fields:
    return [(MARK.encode(), mark.encode())]
