"""A connection to the target: one request after the other in HTTP/1.1, by h11.

It adds nothing to what it sends, and what comes unasked after a response ends it. httpcore, which has h11 below too,
takes that for the next response now and then, and for its pool more than half of the guard's time.
"""

from __future__ import annotations

import asyncio
import select
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Protocol, cast

import h11

from contract_tests.runtime.hosts import LOCALHOST, LOOPBACK

if TYPE_CHECKING:
    import ssl

Fields = list[tuple[bytes, bytes]]

MAX_BODY: Final = 2 * 1024 * 1024
"""The longest body that is read of a response, in bytes."""
_MAX_HEAD: Final = 16 * 1024
"""The longest status line with header fields that is read, in bytes: h11 may take the square of it in time."""
_PIECE: Final = 4 * 1024
"""How much h11 is given at once, in bytes: only between two pieces does it look for a head that is too long."""
_MUCH: Final = 64 * 1024
"""From how much at once on others get their turn before more is read, in bytes."""
_WITHOUT_BODY: Final = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
_KEPT_ALIVE: Final = 2.0
"""How long a connection may rest and still be used again, in seconds."""


OUT_OF_REACH: Final = "cannot be reached"
"""Begins the words of an `UnreachableError`."""


class UnreachableError(Exception):
    """Nobody was reached. `str()` says how it failed."""


class UnreadableError(Exception):
    """There is no response that can be read. `str()` says why."""


class EndedError(UnreadableError):
    """A connection that had been used before ended without a word: its target may just have closed it."""


@dataclass
class RawResponse:
    """A response as it came, its transfer coding undone."""

    status: int
    fields: Fields
    body: bytearray = field(default_factory=bytearray)
    reason: bytes = b""
    """The reason phrase of the status line."""
    is_of_http_1_0: bool = False
    """True if the target speaks the version of HTTP that knows no chunks."""
    is_cut: bool = False
    """True if it went through a relay and is longer than `MAX_BODY`, so that `body` is its beginning."""


class Relay(Protocol):
    """The way of a response to somebody else while it comes."""

    @property
    def is_full(self) -> bool:
        """True while it takes no more for now. It then calls `Connection.resume` once it does."""

    def begin(self, head: RawResponse) -> None:
        """Takes the status line and the header fields."""

    def pass_on(self, data: bytes) -> None:
        """Takes the next bytes of the body."""

    def end(self, trailers: Fields) -> None:
        """Takes the end of the response."""


async def connect(host: str, port: int, context: ssl.SSLContext | None) -> Connection:
    """A new connection. Raises UnreachableError if nobody is there, or nobody with a certificate that is trusted.

    The name `localhost` is not looked up: limits are laxer for this machine, and a lookup could lead to another one.
    """
    *others, last = LOOPBACK if host == LOCALHOST else (host,)
    for address in others:
        with suppress(OSError):
            return await _connect(address, host, port, context)
    try:
        return await _connect(last, host, port, context)
    except (OSError, UnicodeError) as error:  # the latter for a name that cannot be a host's
        raise UnreachableError(f"{OUT_OF_REACH}: {error}") from error


async def _connect(address: str, name: str, port: int, context: ssl.SSLContext | None) -> Connection:
    loop, server = asyncio.get_running_loop(), name if context else None
    _, connection = await loop.create_connection(Connection, address, port, ssl=context, server_hostname=server)
    return connection


class Connection(asyncio.Protocol):
    """A connection that was made."""

    def __init__(self) -> None:
        self._received = 0
        self._was_used = self._has_heard = False
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD)
        self._awaited: asyncio.Future[RawResponse] | None = None
        self._answer: RawResponse | None = None
        self._is_head = False
        self._relay: Relay | None = None
        self._rests_since = time.monotonic()

    @property
    def is_free(self) -> bool:
        """True if it takes a request now."""
        is_idle = self._http.our_state is h11.IDLE and not self._transport.is_closing()
        is_silent = is_idle and not (self._transport.get_write_buffer_size() or self._is_spoken_to())
        return is_silent and time.monotonic() - self._rests_since < _KEPT_ALIVE

    def take_count(self) -> int:
        """How many bytes have come by it since this was asked last."""
        count, self._received = self._received, 0
        return count

    def close(self) -> None:
        """Ends it at once."""
        self._transport.abort()

    async def send(
        self, method: bytes, target: bytes, fields: Fields, body: bytes, relay: Relay | None = None
    ) -> RawResponse:
        """Sends a request on a connection that is free, and waits for the last byte of its response.

        A relay gets the response while it comes, however long it is.

        Raises:
            h11.LocalProtocolError: HTTP has no way to send it, and nothing was sent.
            UnreadableError: what came is no HTTP, too long, or breaks off.
        """
        head = h11.Request(method=method, target=target, headers=fields)
        written = [self._http.send(event) or b"" for event in (head, h11.Data(body), h11.EndOfMessage())]
        self._answer, self._awaited = None, asyncio.get_running_loop().create_future()
        self._is_head, self._relay = method == b"HEAD", relay
        self._transport.write(b"".join(written))
        self._read_on()  # some answer before they are asked
        if self._transport.is_closing():
            self._give_up("cannot be talked to", "the connection ended")
        return await self._awaited

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hears from asyncio by what to send."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hears from asyncio what came."""
        self._received += len(data)
        self._has_heard = True
        for start in range(0, len(data), _PIECE):
            self._read(data[start : start + _PIECE])
        is_full = self._relay is not None and self._relay.is_full
        if (is_full or len(data) >= _MUCH) and not self._transport.is_closing():
            self._transport.pause_reading()
        if not is_full and len(data) >= _MUCH:
            asyncio.get_running_loop().call_soon(self.resume)

    def eof_received(self) -> None:
        """Hears from asyncio that no more will come, while what is still to be sent may go out."""
        self._read(b"")

    def connection_lost(self, exc: Exception | None) -> None:
        """Hears from asyncio that the connection is over."""
        if exc:
            self._give_up("cannot be talked to", exc)
        else:
            self._read(b"")

    def resume(self) -> None:
        """Reads on, after a pause."""
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def _is_spoken_to(self) -> bool:
        """Tells whether something came that asyncio has not told of yet, such as the end of the connection."""
        poll = select.poll()
        poll.register(self._transport.get_extra_info("socket"), select.POLLIN)
        return bool(poll.poll(0))

    def _read(self, data: bytes) -> None:
        """Takes what came; nothing, if no more will come. It waits where no request was sent yet."""
        if self._awaited and self._awaited.done():
            self.close()
            return
        self._http.receive_data(data)
        self._read_on()

    def _read_on(self) -> None:
        awaited = self._awaited
        try:
            while awaited and not awaited.done() and (event := self._http.next_event()) is not h11.NEED_DATA:
                self._take(event, awaited)
        except h11.RemoteProtocolError as error:
            self._give_up("does not speak HTTP", self._explain(error))

    def _explain(self, error: h11.RemoteProtocolError) -> object:
        """The words for an error. What h11 says of its own buffers and states would tell a user nothing."""
        if error.error_status_hint == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            return f"its status line and header fields are longer than {_MAX_HEAD >> 10} KiB, or have no end"
        _, has_ended = self._http.trailing_data
        return error if self._answer or not has_ended else "the connection ended"

    def _take(self, event: object, awaited: asyncio.Future[RawResponse]) -> None:
        match event:
            case h11.Response():
                is_old = event.http_version == b"1.0"
                fields = event.headers.raw_items()
                self._answer = RawResponse(event.status_code, fields, reason=event.reason, is_of_http_1_0=is_old)
                if self._relay:
                    self._relay.begin(self._answer)
            case h11.Data() if self._answer:
                self._take_data(event.data, self._answer, awaited)
            case h11.EndOfMessage() | h11.PAUSED if self._answer:
                if self._relay:
                    self._relay.end(event.headers.raw_items() if isinstance(event, h11.EndOfMessage) else [])
                self._relay = None
                awaited.set_result(self._answer)
                self._rest(self._answer)

    def _take_data(self, data: bytes, answer: RawResponse, awaited: asyncio.Future[RawResponse]) -> None:
        if self._relay:
            self._relay.pass_on(data)
            answer.is_cut = answer.is_cut or len(answer.body) + len(data) > MAX_BODY
            answer.body += b"" if answer.is_cut else data
            return
        answer.body += data
        if len(answer.body) > MAX_BODY:
            long = f"status {answer.status} came with more than {MAX_BODY >> 20} MiB"
            awaited.set_exception(UnreadableError(long))

    def _rest(self, answer: RawResponse) -> None:
        """Makes ready for another request, if the target has said what it was asked for, and no more.

        After a response that has no body by its nature, a careless target sends one all the same, perhaps later.
        After a 5xx, one that crashed ends the connection without a word, and the next request must not meet that end.
        """
        is_over = (self._http.our_state, self._http.their_state) == (h11.DONE, h11.DONE)
        has_body = not self._is_head and answer.status not in _WITHOUT_BODY
        is_well = answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
        if is_over and has_body and is_well and self._http.trailing_data == (b"", False):
            self._http.start_next_cycle()
            self._was_used, self._has_heard = True, False
            self._rests_since = time.monotonic()

    def _give_up(self, trouble: str, detail: object) -> None:
        if self._answer:
            trouble = f"status {self._answer.status} came, and then the reply broke off"
        if self._awaited and not self._awaited.done():
            has_just_ended = self._was_used and not self._has_heard
            error = EndedError if has_just_ended else UnreadableError
            self._awaited.set_exception(error(f"{trouble}: {detail}"))
        self.close()
