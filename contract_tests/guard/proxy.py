"""The reverse proxy: takes a request, sends it on if it may go, and answers with what came back.

It answers itself where it sends nothing, and where no response came that could be read. Such an answer carries the
header field `MARK`, which it takes off whatever a target sends.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect
from starlette.requests import Request as IncomingRequest
from starlette.responses import Response as Answer

from contract_tests.exchange.credentials import hide_token
from contract_tests.exchange.disguise import Disguise, SameTokenError
from contract_tests.exchange.exchange import GuardedExchange, Refusal, Request, Response
from contract_tests.exchange.marks import CASE_ID, MARK, NO_ANSWER, NOT_TRIED, PREFLIGHT
from contract_tests.guard.budget import Budget
from contract_tests.guard.policy import find_complaint
from contract_tests.guard.strikes import MAX_STRIKES, Strikes
from contract_tests.guard.upstream import Outcome, Upstream, sent_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    from contract_tests.target.limits import Limits

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
_TOO_MANY: Final = 429
_CLIENT_ERROR: Final = 4


@dataclass(frozen=True)
class Errand:
    """What the guard is to do. Times are in seconds."""

    url: str
    """Of the target, without a slash at the end."""
    limits: Limits
    max_calls: int | None
    connect_timeout: float
    spec: Path


class Proxy:
    """The proxy as an ASGI application. `keep` is given each exchange before it is answered."""

    def __init__(self, errand: Errand, disguise: Disguise, keep: Callable[[GuardedExchange], None]) -> None:
        self._errand = errand
        self._disguise = disguise
        self._keep = keep
        self._budget = Budget(errand.max_calls)
        self._strikes = Strikes(errand.spec, disguise.placeholder)
        self._upstream = Upstream(errand.url)
        self._waited = 0.0
        self._lost = 0
        self._hurried = threading.Event()

    def hurry(self) -> None:
        """Waits for no `Retry-After` any more: the run is to end."""
        self._hurried.set()

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
            made = _may_have_rung(outcome, case_id)
            return self._conclude(request, path, outcome, made=made)
        except Exception as error:  # noqa: BLE001 - it may have been sent, and counts as the budget has it
            return self._failed(request, error, may_have_rung=made)
        finally:
            await self._budget.settle(made=made)

    def _conclude(self, request: Request, path: str, outcome: Outcome, *, made: bool) -> GuardedExchange:
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
        if case_id.startswith(PREFLIGHT) and request.body == b"{}":
            return None
        if self._lost >= _LOST_AFTER:
            return Refusal("lost", f"the target did not answer the last {_LOST_AFTER} requests")
        if self._upstream.volume >= MAX_VOLUME:
            return Refusal("volume", f"the target has sent more than {MAX_VOLUME >> 20} MiB")
        kind = None if self._errand.limits.is_free else self._strikes.established(request, path)
        return Refusal("kind", f"accepted {MAX_STRIKES} times: {kind}") if kind else None

    def _told(self, request: Request) -> Request:
        """The request as it is kept: what authorizes it stands as a template."""
        headers = tuple(
            (_title(name), hide_token(value, self._disguise.placeholder) if name == "authorization" else value)
            for name, value in sent_on(request.headers)
        )
        return replace(request, headers=headers)

    def _learn(self, request: Request, path: str, outcome: Outcome, *, made: bool) -> None:
        self._lost = self._lost + 1 if outcome.reached_nobody or outcome.timed_out else 0
        if made and not self._errand.limits.is_free:
            self._strikes.note_accepted(request, path)

    async def _send(self, request: Request, case_id: str) -> Outcome:
        """Sends a request, and again if it is turned away with a time to wait for.

        Who asks whether the target is there wants to know it now, and waits no longer than for one answer.
        """
        if case_id.startswith(PREFLIGHT):
            return await self._upstream.send(request, self._errand.connect_timeout)
        for _ in range(_MAX_RETRIES):
            outcome = await self._upstream.send(request, REQUEST_TIMEOUT)
            seconds = _retry_after(outcome.response)
            if seconds is None or self._waited + seconds > MAX_WAITED:
                return outcome
            self._waited += seconds
            if await asyncio.to_thread(self._hurried.wait, seconds):
                return outcome
        return await self._upstream.send(request, REQUEST_TIMEOUT)


def be_quiet() -> None:
    """Keeps the libraries from logging: what they would say may hold a secret."""
    logging.disable(logging.CRITICAL)


async def _read_body(incoming: IncomingRequest) -> bytes:
    body = bytearray()
    async for chunk in incoming.stream():
        if len(body) <= _MAX_REQUEST:
            body += chunk
    return bytes(body)


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _may_have_rung(outcome: Outcome, case_id: str) -> bool:
    """Whether a phone may ring: after every answer but a 4xx. A preflight can do so only if it is accepted."""
    if case_id.startswith(PREFLIGHT):
        return outcome.response is not None and outcome.response.is_success
    if outcome.response is None:
        return not (outcome.reached_nobody or outcome.unsendable)
    return outcome.response.status // 100 != _CLIENT_ERROR


def _retry_after(response: Response | None) -> float | None:
    """How long to wait before a request is sent again; None if it is not to be."""
    if response is None or response.status != _TOO_MANY:
        return None
    value = next((value for name, value in response.headers if name.lower() == "retry-after"), "")
    return float(value) if value.isascii() and value.isdecimal() and float(value) <= MAX_WAIT else None


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
