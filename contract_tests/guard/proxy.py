"""The reverse proxy: takes a request, sends it on if it may go, and answers with what came back.

It answers itself where it sends nothing, and where no response came that could be read. Such an answer carries the
header field `MARK`, which it takes off whatever a target sends.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
import zlib
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import httpx
from starlette.requests import ClientDisconnect
from starlette.requests import Request as IncomingRequest
from starlette.responses import Response as Answer

from contract_tests.credentials import hide_token
from contract_tests.exchanges import GuardedExchange, Refusal, Request, Response
from contract_tests.guard.budget import Budget
from contract_tests.guard.disguise import Disguise, SameTokenError
from contract_tests.guard.policy import find_complaint
from contract_tests.guard.strikes import MAX_STRIKES, Strikes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    from contract_tests.limits import Limits

CASE_ID: Final = "x-schemathesis-testcaseid"
"""The header field by which the engine's cases are told apart; it is not sent on."""
MARK: Final = "X-Contract-Guard"
"""The header field of the guard's own answers."""
NOT_TRIED: Final = "not-tried"
NO_ANSWER: Final = "no-answer"
PREFLIGHT: Final = "preflight"
"""How the ids of requests begin that find out whether the target is there. They have the body `{}` or none."""
MAX_BODY: Final = 2 * 1024 * 1024
"""The longest body that is read of a response, in bytes, decoded."""
MAX_VOLUME: Final = 64 * 1024 * 1024
"""How much is read of all responses together, in bytes; of those that were compressed, decoded too."""
REQUEST_TIMEOUT: Final = 10.0
"""How long a response may take, to its last byte, in seconds."""
MAX_WAIT: Final = 20.0
"""How long a `Retry-After` is waited for, in seconds."""
MAX_WAITED: Final = 60.0
"""How long all of them together are waited for."""
_MAX_RETRIES: Final = 3
_LOST_AFTER: Final = 5
"""After how many requests in a row that reach nobody, or time out, the target is taken for lost."""
_MAX_REQUEST: Final = 16 * 1024 * 1024
_KEPT_ALIVE: Final = 2.0
_TOO_MANY: Final = 429
_CLIENT_ERROR: Final = 4
_SUCCESS: Final = 2
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
_MADE_ANEW: Final = {"host", "content-length", "accept-encoding", CASE_ID}


@dataclass(frozen=True)
class Errand:
    """What the guard is to do. Times are in seconds."""

    url: str
    """Of the target, without a slash at the end."""
    limits: Limits
    max_calls: int | None
    connect_timeout: float
    spec: Path


@dataclass(frozen=True)
class _Outcome:
    """What came of a request that was sent."""

    response: Response | None = None
    trouble: str | None = None
    reached_nobody: bool = False
    timed_out: bool = False
    unsendable: str | None = None
    """Why HTTP has no way to send it."""

    def may_have_rung(self, case_id: str) -> bool:
        """Whether a phone may ring: after every answer but a 4xx. A preflight can do so only if it is accepted."""
        if case_id.startswith(PREFLIGHT):
            return self.response is not None and self.response.status // 100 == _SUCCESS
        if self.response is None:
            return not (self.reached_nobody or self.unsendable)
        return self.response.status // 100 != _CLIENT_ERROR


class UnreadableError(Exception):
    """A response that cannot be read. `str()` says why."""


class Proxy:
    """The proxy as an ASGI application. `keep` is given each exchange before it is answered."""

    def __init__(self, errand: Errand, disguise: Disguise, keep: Callable[[GuardedExchange], None]) -> None:
        self._errand = errand
        self._disguise = disguise
        self._keep = keep
        self._budget = Budget(errand.max_calls)
        self._strikes = Strikes(errand.spec, disguise.placeholder)
        self._transport: httpx.AsyncHTTPTransport | None = None
        self._volume = 0
        self._waited = 0.0
        self._lost = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        incoming = IncomingRequest(scope, receive)
        try:
            body = await _read_body(incoming)
        except ClientDisconnect:
            return
        path = scope["raw_path"].decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        url = f"{self._errand.url}{path}{'?' if query else ''}{query}"
        request = Request(scope["method"], url, headers, body)
        try:
            exchange = await self._exchange(request, path)
        except Exception as error:  # noqa: BLE001 - whatever it is, the target has no part in it
            exchange = self._failed(request, error, may_have_rung=False)
        self._keep(exchange)
        await _answer(exchange)(scope, receive, send)

    async def _exchange(self, request: Request, path: str) -> GuardedExchange:
        case_id = request.header(CASE_ID) or ""
        told = self._told(request)
        refusal = self._refuse(request, path, case_id)
        if refusal:
            return GuardedExchange(case_id, told, None, refusal=refusal)
        revealed = self._disguise.reveal(request)
        if not await self._budget.reserve():
            return GuardedExchange(case_id, told, None, refusal=Refusal("budget", "the limit of calls is reached"))
        made = True
        try:
            outcome = await self._send(revealed, case_id)
            made = outcome.may_have_rung(case_id)
            return self._conclude(request, path, outcome, made=made)
        except Exception as error:  # noqa: BLE001 - it may have been sent, and counts as the budget has it
            return self._failed(request, error, may_have_rung=made)
        finally:
            await self._budget.settle(made=made)

    def _conclude(self, request: Request, path: str, outcome: _Outcome, *, made: bool) -> GuardedExchange:
        case_id, told = request.header(CASE_ID) or "", self._told(request)
        if outcome.unsendable:
            return GuardedExchange(case_id, told, None, refusal=Refusal("protocol", outcome.unsendable))
        self._learn(request, path, outcome, made=made)
        response = self._disguise.hide(outcome.response) if outcome.response else None
        trouble = self._disguise.hide_text(outcome.trouble) if outcome.trouble else None
        return GuardedExchange(case_id, told, response, trouble, may_have_rung=made)

    def _failed(self, request: Request, error: Exception, *, may_have_rung: bool) -> GuardedExchange:
        failed = Refusal("protocol", f"the guard failed over it: {type(error).__name__}")
        case_id = request.header(CASE_ID) or ""
        return GuardedExchange(case_id, self._told(request), None, refusal=failed, may_have_rung=may_have_rung)

    def _refuse(self, request: Request, path: str, case_id: str) -> Refusal | None:
        try:
            revealed = self._disguise.reveal(request)
        except SameTokenError:
            return Refusal("credentials", "the token in other case is the token")
        if complaint := find_complaint(revealed, self._errand.limits):
            return Refusal("numbers", complaint)
        if case_id.startswith(PREFLIGHT) and request.body in {b"", b"{}"}:
            return None
        if self._lost >= _LOST_AFTER:
            return Refusal("lost", f"the target did not answer the last {_LOST_AFTER} requests")
        if self._volume >= MAX_VOLUME:
            return Refusal("volume", f"the target has sent more than {MAX_VOLUME >> 20} MiB")
        kind = None if self._errand.limits.is_free else self._strikes.established(request, path)
        return Refusal("kind", f"accepted {MAX_STRIKES} times: {kind}") if kind else None

    def _told(self, request: Request) -> Request:
        """The request as it is kept: what authorizes it stands as a template."""
        headers = tuple(
            (_title(name), hide_token(value, self._disguise.placeholder) if name == "authorization" else value)
            for name, value in _sent_on(request.headers)
        )
        return replace(request, headers=headers)

    def _learn(self, request: Request, path: str, outcome: _Outcome, *, made: bool) -> None:
        self._lost = self._lost + 1 if outcome.reached_nobody or outcome.timed_out else 0
        if made and not self._errand.limits.is_free:
            self._strikes.note_accepted(request, path)

    async def _send(self, request: Request, case_id: str) -> _Outcome:
        """Sends a request, and again if it is turned away with a time to wait for.

        Who asks whether the target is there wants to know it now, and waits no longer than for one answer.
        """
        for _ in range(0 if case_id.startswith(PREFLIGHT) else _MAX_RETRIES):
            outcome = await self._send_once(request, case_id)
            seconds = _retry_after(outcome.response)
            if seconds is None or self._waited + seconds > MAX_WAITED:
                return outcome
            self._waited += seconds
            await asyncio.sleep(seconds)
        return await self._send_once(request, case_id)

    async def _send_once(self, request: Request, case_id: str) -> _Outcome:
        limit = self._errand.connect_timeout if case_id.startswith(PREFLIGHT) else REQUEST_TIMEOUT
        try:
            async with asyncio.timeout(limit):
                return _Outcome(await self._fetch(request))
        except TimeoutError:
            return _Outcome(trouble=f"does not answer: no response came within {limit:g} s", timed_out=True)
        except UnreadableError as error:
            return _Outcome(trouble=str(error))
        except (httpx.LocalProtocolError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            return _Outcome(unsendable=f"HTTP cannot carry it: {error}")
        except httpx.HTTPError as error:
            return _explain(error)

    async def _fetch(self, request: Request) -> Response:
        self._transport = self._transport or _make_transport(self._errand.url)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in _sent_on(request.headers)]
        headers.append((b"Accept-Encoding", b"identity"))
        outgoing = httpx.Request(request.method, request.url, headers=headers, content=request.body or None)
        if request.method in {"POST", "PUT", "PATCH"} and not request.body:
            outgoing.headers["Content-Length"] = "0"
        answer = await self._transport.handle_async_request(outgoing)
        async with aclosing(answer):
            body = await self._read(answer)
        fields = _legible(answer)
        coding = answer.headers.get("content-encoding", "identity").strip().lower()
        if body and coding != "identity":
            body = _decode(body, coding)
            self._volume += len(body)
            fields = [field for field in fields if field[0].lower() != "content-encoding"]
        kept = tuple((name, value) for name, value in _sent_on(fields) if name.lower() != MARK.lower())
        return Response(answer.status_code, kept, body)

    async def _read(self, answer: httpx.Response) -> bytes:
        """The body as it came. Raises UnreadableError for one that is too long or breaks off."""
        body = bytearray()
        try:
            async for chunk in answer.aiter_raw():
                body += chunk
                self._volume += len(chunk)
                if len(body) > MAX_BODY:
                    raise UnreadableError(f"status {answer.status_code} came with more than {MAX_BODY >> 20} MiB")
        except (httpx.RemoteProtocolError, httpx.ReadError) as error:
            raise UnreadableError(f"status {answer.status_code} came, and then the reply broke off: {error}") from error
        return bytes(body)


def be_quiet() -> None:
    """Keeps the libraries from logging: what they would say may hold a secret."""
    logging.disable(logging.CRITICAL)


async def _read_body(incoming: IncomingRequest) -> bytes:
    body = bytearray()
    async for chunk in incoming.stream():
        if len(body) <= _MAX_REQUEST:
            body += chunk
    return bytes(body)


def _make_transport(url: str) -> httpx.AsyncHTTPTransport:
    """What carries requests: without a client's cookies, redirects, logins and proxies, which change what is sent."""
    limits = httpx.Limits(keepalive_expiry=_KEPT_ALIVE)
    verify = ssl.create_default_context() if url.startswith("https:") else False
    return httpx.AsyncHTTPTransport(verify=verify, trust_env=False, limits=limits)


def _sent_on(headers: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """The header fields without those that concern one connection."""
    named = {
        token.strip().lower() for name, value in headers if name.lower() == "connection" for token in value.split(",")
    }
    left_out = _HOP_BY_HOP | _MADE_ANEW | (named - {"authorization", "content-type"})
    return [(name, value) for name, value in headers if name.lower() not in left_out]


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _legible(answer: httpx.Response) -> list[tuple[str, str]]:
    """The header fields. Raises UnreadableError for what is read by some, and cannot be sent on by HTTP's rules."""
    if answer.status_code not in _STATUSES:
        raise UnreadableError(f"the status {answer.status_code} is none of a response in HTTP")
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw]
    crooked = next((name for name, value in fields if _CONTROL.search(value)), None)
    if crooked:
        raise UnreadableError(f"status {answer.status_code} came with a control character in the field {crooked}")
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


def _retry_after(response: Response | None) -> float | None:
    """How long to wait before a request is sent again; None if it is not to be."""
    if response is None or response.status != _TOO_MANY:
        return None
    value = next((value for name, value in response.headers if name.lower() == "retry-after"), "")
    return float(value) if value.isascii() and value.isdecimal() and float(value) <= MAX_WAIT else None


def _explain(error: Exception) -> _Outcome:
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return _Outcome(trouble=f"cannot be reached: {error}", reached_nobody=True)
        case httpx.RemoteProtocolError():
            return _Outcome(trouble=f"does not speak HTTP: {error}")
        case _:
            return _Outcome(trouble=f"cannot be talked to: {str(error) or type(error).__name__}")


def _answer(exchange: GuardedExchange) -> Answer:
    if exchange.refusal:
        return Answer(f"not tried: {exchange.refusal.reason}", 424, {MARK: NOT_TRIED}, "text/plain")
    response = exchange.response
    if response is None:
        return Answer(f"the target {exchange.trouble}", 502, {MARK: NO_ANSWER}, "text/plain")
    answer = Answer(response.body, response.status)
    fields = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    length = [(name, value) for name, value in answer.raw_headers if name == b"content-length"]
    is_head = exchange.request.method == "HEAD"
    answer.raw_headers = fields if is_head else [*fields, *length]
    return answer
