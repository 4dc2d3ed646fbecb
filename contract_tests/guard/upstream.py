"""The connection from the guard to the target: sends a request by its bytes, and reads the response within bounds.

httpcore carries it by itself, without the client around it, which would add header fields, cookies, logins and
redirects of its own, and write URLs anew.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import zlib
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpcore

from contract_tests.exchanges import Response
from contract_tests.guard.marks import CASE_ID, MARK

if TYPE_CHECKING:
    from contract_tests.exchanges import Headers, Request

MAX_BODY: Final = 2 * 1024 * 1024
"""The longest body that is read of a response, in bytes, decoded."""
_KEPT_ALIVE: Final = 2.0
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
_MADE_ANEW: Final = {"host", "content-length", "accept-encoding"}
_OURS: Final = {CASE_ID, MARK.lower()}
_WITH_CONTENT: Final = {"POST", "PUT", "PATCH"}


@dataclass(frozen=True)
class Outcome:
    """What came of a request that was sent."""

    response: Response | None = None
    trouble: str | None = None
    """Why there is no response, in words."""
    reached_nobody: bool = False
    timed_out: bool = False
    unsendable: str | None = None
    """Why HTTP has no way to send it."""


class UnreadableError(Exception):
    """A response that cannot be read. `str()` says why."""


class Upstream:
    """The target at a base URL without a slash at its end. `volume` is how much was read of it, in bytes.

    Of responses that were compressed, what they decode to counts too.
    """

    def __init__(self, url: str) -> None:
        self.volume = 0
        self._url = url
        self._base = httpcore.URL(url)
        self._host = urlsplit(url).netloc.encode("ascii")
        self._pool: httpcore.AsyncConnectionPool | None = None

    async def send(self, request: Request, limit: float) -> Outcome:
        """Sends a request to the target, and waits `limit` seconds at most for the last byte of its response."""
        try:
            async with asyncio.timeout(limit):
                return Outcome(await self._fetch(request))
        except TimeoutError:
            return Outcome(trouble=f"does not answer: no response came within {limit:g} s", timed_out=True)
        except UnreadableError as error:
            return Outcome(trouble=str(error))
        except httpcore.LocalProtocolError as error:
            return Outcome(unsendable=f"HTTP cannot carry it: {error}")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            return _explain(error)

    async def _fetch(self, request: Request) -> Response:
        self._pool = self._pool or _make_pool(self._url)
        outgoing = httpcore.Request(
            request.method.encode("latin-1"), self._target(request), headers=self._fields(request), content=request.body
        )
        answer = await self._pool.handle_async_request(outgoing)
        async with aclosing(answer):
            body = await self._read(answer)
        fields = _legible(answer)
        coding = next((value for name, value in fields if name.lower() == "content-encoding"), "identity")
        if body and coding.strip().lower() != "identity":
            body = _decode(body, coding.strip().lower())
            self.volume += len(body)
            fields = [field for field in fields if field[0].lower() != "content-encoding"]
        return Response(answer.status, tuple(sent_on(fields)), body)

    def _target(self, request: Request) -> httpcore.URL:
        """The URL with path and query as they are written in the request."""
        path = self._base.target.rstrip(b"/") + request.url.removeprefix(self._url).encode("latin-1")
        return httpcore.URL(scheme=self._base.scheme, host=self._base.host, port=self._base.port, target=path or b"/")

    def _fields(self, request: Request) -> list[tuple[bytes, bytes]]:
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent_on(request.headers)]
        length = [(b"Content-Length", b"%d" % len(request.body))]
        has_content = request.body or request.method in _WITH_CONTENT
        return [(b"Host", self._host), *fields, (b"Accept-Encoding", b"identity"), *(length if has_content else [])]

    async def _read(self, answer: httpcore.Response) -> bytes:
        """The body as it came. Raises UnreadableError for one that is too long or breaks off."""
        body = bytearray()
        try:
            async for chunk in answer.aiter_stream():
                body += chunk
                self.volume += len(chunk)
                if len(body) > MAX_BODY:
                    raise UnreadableError(f"status {answer.status} came with more than {MAX_BODY >> 20} MiB")
        except (httpcore.RemoteProtocolError, httpcore.ReadError) as error:
            raise UnreadableError(f"status {answer.status} came, and then the reply broke off: {error}") from error
        return bytes(body)


def sent_on(headers: Headers | list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The header fields without those that concern one connection, or guard and engine alone."""
    named = {
        token.strip().lower() for name, value in headers if name.lower() == "connection" for token in value.split(",")
    }
    left_out = _HOP_BY_HOP | _MADE_ANEW | _OURS | (named - {"authorization", "content-type"})
    return [(name, value) for name, value in headers if name.lower() not in left_out]


def _make_pool(url: str) -> httpcore.AsyncConnectionPool:
    context = ssl.create_default_context() if url.startswith("https:") else None
    return httpcore.AsyncConnectionPool(ssl_context=context, keepalive_expiry=_KEPT_ALIVE)


def _legible(answer: httpcore.Response) -> list[tuple[str, str]]:
    """The header fields. Raises UnreadableError for what is read by some, and cannot be sent on by HTTP's rules."""
    if answer.status not in _STATUSES:
        raise UnreadableError(f"the status {answer.status} is none of a response in HTTP")
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
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


def _explain(error: Exception) -> Outcome:
    match error:
        case httpcore.ConnectError() | httpcore.ConnectTimeout():
            return Outcome(trouble=f"cannot be reached: {error}", reached_nobody=True)
        case httpcore.RemoteProtocolError():
            return Outcome(trouble=f"does not speak HTTP: {error}")
        case _:
            return Outcome(trouble=f"cannot be talked to: {str(error) or type(error).__name__}")
