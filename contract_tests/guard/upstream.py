"""The way from the guard to the target: sends a request by its bytes, and reads the response within bounds.

Nothing of a client of HTTP is in it, which would add header fields, cookies, logins and redirects of its own, and write
URLs anew.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

import h11

from contract_tests.exchange.exchange import Response
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.marks import OWN_FIELDS
from contract_tests.guard.connection import MAX_BODY, EndedError, Relay, UnreachableError, UnreadableError, connect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.exchange.exchange import Request
    from contract_tests.exchange.headers import Field
    from contract_tests.guard.connection import Connection, Fields, RawResponse

_PORTS: Final = {"http": 80, "https": 443}
_STATUSES: Final = range(200, 600)
"""Those of final responses (RFC 9110, section 15)."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# What concerns one connection alone (RFC 9110, section 7.6.1), and what is made anew for the next one.
_HOP_BY_HOP: Final = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_OF_ONE_CONNECTION: Final = {name.encode() for name in _HOP_BY_HOP} - {b"transfer-encoding"}
_KEPT: Final = {b"authorization", b"content-type", b"content-length", b"transfer-encoding"}
"""Fields that no `Connection` field takes away, whatever it names."""
_MADE_ANEW: Final = {"host", "content-length", "accept-encoding"}
_IDEMPOTENT: Final = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"}
"""The methods that a client may send again where a connection ended before their response (RFC 9110, section 9.2.2)."""
_WITH_CONTENT: Final = {"POST", "PUT", "PATCH"}


@dataclass(frozen=True)
class Outcome:
    """The outcome of a request that was sent."""

    response: Response | None = None
    trouble: str | None = None
    """Why there is no response, in words."""
    reached_nobody: bool = False
    timed_out: bool = False
    unsendable: str | None = None
    """Why HTTP has no way to send it."""


class Upstream:
    """The target at a base URL without a slash at its end. `volume` is how much was read of it, in bytes.

    Of responses that were compressed, what they decode to counts too.
    """

    def __init__(self, url: str) -> None:
        self.volume = 0
        parts = urlsplit(url)
        self._path = parts.path
        self._is_secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = _PORTS[parts.scheme] if parts.port is None else parts.port
        self._field = (b"Host", parts.netloc.encode("ascii"))
        self._resting: list[Connection] = []
        self._knows_chunks = True

    async def send(self, request: Request, limit: float, *, may_repeat: bool = False) -> Outcome:
        """Sends a request to the target, and waits `limit` seconds at most for the last byte of its response.

        It may be one that may be sent again, where the target closed a kept connection just then.
        """
        try:
            async with asyncio.timeout(limit):
                return Outcome(await self._fetch(request, may_repeat=may_repeat and request.method in _IDEMPOTENT))
        except TimeoutError:
            return Outcome(trouble=f"does not answer: no response came within {limit:g} s", timed_out=True)
        except UnreachableError as error:
            return Outcome(trouble=str(error), reached_nobody=True)
        except UnreadableError as error:
            return Outcome(trouble=str(error))
        except h11.LocalProtocolError as error:
            return Outcome(unsendable=f"HTTP cannot carry it: {error}")

    def close(self) -> None:
        """Ends the connections that rest."""
        while self._resting:
            self._resting.pop().close()

    async def _fetch(self, request: Request, *, may_repeat: bool) -> Response:
        answer = await self._exchange(request, may_repeat=may_repeat)
        fields = _legible(answer)
        body = bytes(answer.body)
        coding = fields.first("Content-Encoding") or "identity"
        if body and coding.strip().lower() != "identity":
            body = _decode(body, coding.strip().lower())
            self.volume += len(body)
            fields = fields.without(["Content-Encoding"])
        return Response(answer.status, sent_on(fields), body)

    async def _exchange(self, request: Request, *, may_repeat: bool) -> RawResponse:
        """The response as it came, on a connection that is kept if it can be used again."""
        method, target = request.method.encode("latin-1"), (self._path + request.target or "/").encode("latin-1")
        fields = self._fields(request)
        try:
            answer = await self._send(method, target, fields, request.body)
        except EndedError:
            if not may_repeat:
                raise
            self.close()  # the others may be at their end too
            answer = await self._send(method, target, fields, request.body)
        self._knows_chunks = not answer.is_of_http_1_0
        return answer

    async def relay(self, head: h11.Request, body: bytes, relay: ConnectedRelay) -> RawResponse:
        """Sends a request on as it came, but for what concerns one connection alone. The relay gets the response.

        Raises:
            UnreachableError: nobody was reached.
            UnreadableError: there is no response, or it breaks off.
            h11.LocalProtocolError: HTTP has no way to send it.
        """
        fields = [self._field, *(each for each in passed_on(head.headers.raw_items()) if each[0].lower() != b"host")]
        target = self._path.encode("latin-1") + head.target or b"/"
        try:
            return await self._send(head.method, target, fields, body, relay)
        except EndedError:
            if relay.has_hung_up or head.method.decode("latin-1") not in _IDEMPOTENT:
                raise
            self.close()  # the others may be at their end too
            return await self._send(head.method, target, fields, body, relay)

    async def _send(
        self, method: bytes, target: bytes, fields: Fields, body: bytes, relay: ConnectedRelay | None = None
    ) -> RawResponse:
        connection = await self._connection()
        if relay:
            relay.connection = connection
        try:
            return await connection.send(method, target, fields, body, relay)
        finally:
            self.volume += connection.take_count()
            if connection.is_free:
                self._resting.append(connection)
            else:
                connection.close()

    async def _connection(self) -> Connection:
        while self._resting:
            connection = self._resting.pop()
            if connection.is_free:
                return connection
            connection.close()
        return await connect(self._host, self._port, self._context)

    @cached_property
    def _context(self) -> ssl.SSLContext | None:
        return ssl.create_default_context() if self._is_secure else None

    def _fields(self, request: Request) -> Fields:
        """The header fields. Nobody sends chunks to a target of HTTP/1.0 (RFC 9112, section 6.1)."""
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent_on(request.headers)]
        is_chunked = request.is_chunked and self._knows_chunks
        chunked, told = (b"Transfer-Encoding", b"chunked"), (b"Content-Length", b"%d" % len(request.body))
        length = [chunked if is_chunked else told]
        has_content = request.body or request.method in _WITH_CONTENT
        return [self._field, *fields, (b"Accept-Encoding", b"identity"), *(length if has_content else [])]


def sent_on(headers: Iterable[Field]) -> Headers:
    """The header fields without those that concern one connection, or guard and engine alone."""
    fields = Headers(headers)
    named = {token.strip().lower() for value in fields.all("Connection") for token in value.split(",")}
    return fields.without(_HOP_BY_HOP | _MADE_ANEW | OWN_FIELDS | (named - {"authorization", "content-type"}))


class ConnectedRelay(Relay, Protocol):
    """A relay that is told which connection the response comes by."""

    connection: Connection | None
    has_hung_up: bool
    """True once it has ended that connection by itself."""


def passed_on(fields: Fields) -> Fields:
    """The header fields without those that concern one connection alone. A body keeps its framing.

    A length beside chunks does not pass (RFC 9112, section 6.3). A reader that believed it would take the rest of the
    body for another message.

    >>> passed_on([(b"Connection", b"close, X-Hop"), (b"X-Hop", b"1"), (b"Accept", b"*/*")])
    [(b'Accept', b'*/*')]
    """
    named = {
        token.strip().lower() for name, value in fields if name.lower() == b"connection" for token in value.split(b",")
    }
    is_chunked = any(name.lower() == b"transfer-encoding" for name, _ in fields)
    stopped = _OF_ONE_CONNECTION | (named - _KEPT) | ({b"content-length"} if is_chunked else set())
    return [(name, value) for name, value in fields if name.lower() not in stopped]


def _legible(answer: RawResponse) -> Headers:
    """The header fields. Raises UnreadableError for what is read by some, and cannot be sent on by HTTP's rules."""
    if answer.status not in _STATUSES:
        raise UnreadableError(f"the status {answer.status} is none of a response in HTTP")
    fields = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.fields)
    crooked = next((name for name, value in fields if _CONTROL.search(value)), None)
    if crooked:
        raise UnreadableError(f"status {answer.status} came with a control character in the field {crooked}")
    return fields


def _decode(body: bytes, coding: str) -> bytes:
    """A body without its content coding. Raises UnreadableError."""
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise UnreadableError(f"the body is coded as {coding!r}, which was not asked for")
    decoder = zlib.decompressobj(wbits=47)  # either of gzip and zlib
    try:
        decoded = decoder.decompress(body, MAX_BODY + 1)
    except zlib.error as error:
        raise UnreadableError(f"the body is said to be {coding} and is not: {error}") from error
    if len(decoded) > MAX_BODY:
        raise UnreadableError(f"the body unfolds to more than {MAX_BODY >> 20} MiB")
    if not decoder.eof:
        raise UnreadableError(f"the body is said to be {coding} and breaks off")
    return decoded
