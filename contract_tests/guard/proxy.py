"""The reverse proxy: takes a request, sends it on if it may go, and answers with what came back.

It answers itself where it sends nothing, and where no response came that could be read. Such an answer carries the
header field `MARK`, which it takes off whatever a target sends.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from dataclasses import replace
from functools import cache, partial
from hmac import compare_digest
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect
from starlette.requests import Request as IncomingRequest
from starlette.responses import Response as Answer

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.disguise import SameTokenError
from contract_tests.exchange.exchange import Exchange, Refusal, Request
from contract_tests.exchange.headers import Headers
from contract_tests.exchange.marks import EXCHANGE_ID, MARK, NO_CALL_LEFT, NO_RESPONSE, NOT_SENT
from contract_tests.exchange.veiled import shown_bytes, shown_text, veil_bytes
from contract_tests.guard.budget import Budget
from contract_tests.guard.patience import Patience
from contract_tests.guard.policy import find_complaint
from contract_tests.guard.silence import Silence
from contract_tests.guard.strikes import MAX_STRIKES, Strikes
from contract_tests.guard.upstream import sent_on
from contract_tests.target.created import Created

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from contract_tests.exchange.disguise import Disguise
    from contract_tests.guard.errand import Errand
    from contract_tests.guard.upstream import Outcome, Upstream

MAX_VOLUME: Final = 64 * 1024 * 1024
"""How much is read of all responses together, in bytes; of those that were compressed, decoded too."""
REQUEST_TIMEOUT: Final = 10.0
"""How long a response may take, to its last byte, in seconds."""
MAX_RETRIES: Final = 3
"""How often a request is sent again because the target asked for time."""
_MAX_REQUEST: Final = 16 * 1024 * 1024
_PREFLIGHT_BODY: Final = b"{}"
_CLIENT_ERROR: Final = 4
_FORBIDDEN: Final = 403


class Proxy:
    """The proxy as an ASGI application.

    `keep` is given each exchange before it is answered. `preflight` is the id that marks the run's own preflights.
    """

    def __init__(
        self,
        errand: Errand,
        disguise: Disguise,
        keep: Callable[[Exchange], None],
        upstream: Upstream,
        preflight: str,
    ) -> None:
        self._errand = errand
        self._disguise = disguise
        self._keep = keep
        self._budget = Budget(errand.max_calls)
        self._contract = cache(partial(read_contract, errand.spec))
        self._created = cache(lambda: Created(self._contract()))
        self._strikes = Strikes(self._contract)
        self._upstream = upstream
        self._preflight = preflight
        self._patience = Patience(errand.max_wait)
        self._silence = Silence(errand.workers)
        self._stopped = threading.Event()
        self._under_way = 0
        self._idle = threading.Event()
        self._idle.set()

    def stop(self) -> None:
        """Sends nothing more, and waits for no `Retry-After`: the run is to end."""
        self._stopped.set()

    def wait_until_idle(self, seconds: float) -> None:
        """Waits until no request is under way, `seconds` at most. To be called from another thread."""
        self._idle.wait(seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request of the run's. Of anybody else's, nothing is read, kept or sent on."""
        if complaint := find_stranger(scope, self._disguise.placeholder):
            await Answer(f"not sent: {complaint}", _FORBIDDEN, {MARK: NOT_SENT}, "text/plain")(scope, receive, send)
            return
        await self._take(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        incoming = IncomingRequest(scope, receive)
        self._under_way += 1
        self._idle.clear()
        try:
            request = await self._read(incoming, scope)
            exchange = await self._exchange_patiently(request)
            self._keep(exchange)
        except ClientDisconnect:
            return
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()
        await _answer(exchange)(scope, receive, send)

    async def _read(self, incoming: IncomingRequest, scope: Scope) -> Request:
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        fields = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        body = await _read_body(incoming)
        return Request(scope["method"], f"{path}{'?' if query else ''}{query}", Headers(fields), body, self._errand.url)

    async def _exchange_patiently(self, request: Request) -> Exchange:
        """The last exchange of a request, which is sent again where the target asks for time. Keeps those before it.

        Who asks whether the target is there wants to know it now, and waits for one answer alone.
        """
        for _ in range(MAX_RETRIES):
            exchange = await self._exchange(request)
            seconds = None if exchange.is_preflight else self._patience.take(exchange.response)
            if seconds is None:
                return exchange
            self._keep(replace(exchange, again_after=seconds))
            await asyncio.to_thread(self._stopped.wait, seconds)
        return await self._exchange(request)

    async def _exchange(self, request: Request) -> Exchange:
        kept = self._identify(request)
        try:
            if refusal := self._refuse(request, kept):
                return replace(kept, refusal=refusal)
            costs = self._errand.costs.may_be_call(request.method, request.path)
            if costs and not await self._budget.reserve():
                return replace(kept, refusal=Refusal("budget", "the limit of calls is reached"))
        except Exception as error:  # noqa: BLE001 - whatever it is, the target has no part in it
            return _failed(kept, error)
        return await (self._spend(request, kept) if costs else self._pass_on(request, kept, costs=False))

    def _identify(self, request: Request) -> Exchange:
        exchange_id = request.headers.first(EXCHANGE_ID) or ""
        if exchange_id == self._preflight and request.body == _PREFLIGHT_BODY:
            return Exchange(self._told(request), id="preflight", is_preflight=True, at=time.monotonic())
        return Exchange(self._told(request), id=exchange_id, at=time.monotonic())

    async def _spend(self, request: Request, kept: Exchange) -> Exchange:
        """The exchange of a request for which a call was set aside."""
        made = True
        try:
            exchange = await self._pass_on(request, kept, costs=True)
            made = exchange.may_have_rung
            return exchange
        finally:
            await self._budget.settle(made=made)

    async def _pass_on(self, request: Request, kept: Exchange, *, costs: bool) -> Exchange:
        made = costs
        try:
            # While it waited for its call, the run may have been told to end.
            if refusal := None if kept.is_preflight else self._refuse_for_now(kept):
                return replace(kept, refusal=refusal)
            outcome = await self._send(self._disguise.reveal(request), kept)
            made = costs and _may_have_rung(outcome, kept)
            return self._conclude(kept, outcome, made=made)
        except Exception as error:  # noqa: BLE001 - it may have been sent, and counts as the budget has it
            return replace(_failed(kept, error), may_have_rung=made)

    def _conclude(self, kept: Exchange, outcome: Outcome, *, made: bool) -> Exchange:
        if outcome.unsendable:
            return replace(kept, refusal=Refusal("protocol", outcome.unsendable))
        self._learn(kept, outcome, made=made)
        response = self._disguise.veil(outcome.response) if outcome.response else None
        trouble = self._disguise.hide_text(outcome.trouble) if outcome.trouble else None
        exchange = replace(kept, response=response, trouble=trouble, may_have_rung=made)
        if exchange.is_accepted and self._errand.limits.is_elsewhere:
            self._created().note(exchange)
        return exchange

    def _refuse(self, request: Request, kept: Exchange) -> Refusal | None:
        try:
            revealed = self._disguise.reveal(request)
        except SameTokenError:
            return Refusal("credentials", "the token in other case is the token")
        if complaint := self._find_complaint(revealed):
            return Refusal("numbers", complaint)
        if kept.is_preflight:
            return None
        return self._refuse_for_now(kept)

    def _find_complaint(self, revealed: Request) -> str | None:
        if self._errand.limits.is_free:
            return None  # such a run need not wait until the contract is read
        going_out = replace(revealed, headers=sent_on(revealed.headers))
        secrets = (self._disguise.token, *self._disguise.secrets.values())
        if self._errand.limits.is_elsewhere and (complaint := self._created().find_complaint(revealed)):
            return complaint
        return find_complaint(going_out, self._errand.limits, self._contract(), secrets)

    def _refuse_for_now(self, kept: Exchange) -> Refusal | None:
        """The refusal of what might have been sent earlier in the run."""
        if self._stopped.is_set():
            return Refusal("lost", "the run was to end")
        if reason := self._silence.explain(self._label_of(kept.request)):
            return Refusal("lost", reason)
        if self._upstream.volume >= MAX_VOLUME:
            return Refusal("volume", f"the target has sent more than {MAX_VOLUME >> 20} MiB")
        kind = None if self._errand.limits.is_free else self._strikes.established(kept.request)
        return Refusal("kind", f"accepted {MAX_STRIKES} times: {kind}") if kind else None

    def _told(self, request: Request) -> Request:
        """The request as it is kept: its credentials stand as templates, and listed numbers as they go out, veiled."""
        framing = [("Transfer-Encoding", "chunked")] if request.is_chunked else []
        told = self._disguise.tell(replace(request, headers=sent_on(request.headers)))
        headers = Headers((_title(name), value) for name, value in (*told.headers, *framing))
        body = veil_bytes(self._disguise.reveal_bytes(request.body), request.body)
        return replace(told, headers=headers, body=body)

    def _learn(self, kept: Exchange, outcome: Outcome, *, made: bool) -> None:
        self._silence.note(self._label_of(kept.request), outcome)
        if made and not self._errand.limits.is_free:
            self._strikes.note_accepted(kept.request)

    def _label_of(self, request: Request) -> str:
        return self._errand.costs.label_of(request.method, request.path)

    async def _send(self, request: Request, kept: Exchange) -> Outcome:
        limit = self._errand.connect_timeout if kept.is_preflight else REQUEST_TIMEOUT
        may_repeat = not self._errand.costs.may_be_call(request.method, request.path)  # what may ring is sent once
        return await self._upstream.send(request, limit, may_repeat=may_repeat)


def find_stranger(scope: Scope, secret: str) -> str | None:
    """Why a request is not the run's; None if it is. Every user of this machine, and every web page, finds the port."""
    fields = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    host, port = scope["server"]
    if fields.all("Host") != [f"{host}:{port}" if port else host]:
        return "it is for another host than the guard"
    if fields.all("Origin"):
        return "it comes from a web page"
    keys = fields.all(MARK)
    is_ours = len(keys) == 1 and compare_digest(keys[0].encode("latin-1"), secret.encode())
    return None if is_ours else "it lacks the secret of the run"


def be_quiet() -> None:
    """Keeps the libraries from logging: their messages may hold a secret."""
    logging.disable(logging.CRITICAL)


def _failed(kept: Exchange, error: Exception) -> Exchange:
    return replace(kept, refusal=Refusal("protocol", f"the guard failed over it: {type(error).__name__}"))


async def _read_body(incoming: IncomingRequest) -> bytes:
    body = bytearray()
    async for chunk in incoming.stream():
        if len(body) <= _MAX_REQUEST:
            body += chunk
    return bytes(body)


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _may_have_rung(outcome: Outcome, kept: Exchange) -> bool:
    """Tells whether a phone may ring: after any response other than a 4xx. A preflight rings only if it is accepted."""
    if kept.is_preflight:
        return outcome.response is not None and outcome.response.is_success
    if outcome.response is None:
        return not (outcome.reached_nobody or outcome.unsendable)
    return outcome.response.status // 100 != _CLIENT_ERROR


def _answer(exchange: Exchange) -> Answer:
    if exchange.refusal:
        mark = NO_CALL_LEFT if exchange.refusal.limit == "budget" else NOT_SENT
        return Answer(f"not sent: {exchange.refusal.reason}", 424, {MARK: mark}, "text/plain")
    response = exchange.response
    if response is None:
        return Answer(f"the target {exchange.trouble}", 502, {MARK: NO_RESPONSE}, "text/plain")
    answer = Answer(shown_bytes(response.body), response.status)
    shown = ((shown_text(name).lower(), shown_text(value)) for name, value in response.headers)
    fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in shown]
    length = [(name, value) for name, value in answer.raw_headers if name == b"content-length"]
    is_head = exchange.request.method == "HEAD"
    answer.raw_headers = fields if is_head else [*fields, *length]
    return answer
