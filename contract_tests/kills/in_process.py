"""Requests sent straight into an ASGI application, as a server would hand them over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.exchange import Exchange, Response
from contract_tests.exchange.headers import Headers
from contract_tests.plan.schedule import at_once
from contract_tests.target.credentials import BEARER_ALONE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from starlette.types import ASGIApp, Message, Scope

    from contract_tests.exchange.exchange import Request
    from contract_tests.plan.following import Follower
    from contract_tests.plan.schedule import PlannedRequest
    from contract_tests.target.credentials import Credentials

_SERVER: Final = ("127.0.0.1", 80)
_BROKEN: Final = "broke off its reply"


async def send_in_process(
    app: ASGIApp, request: Request, token: str, credentials: Credentials = BEARER_ALONE
) -> Exchange:
    """Sends a request to an application, with a token where its credentials have one."""
    conversation = _Conversation(request.body)
    try:
        await app(_scope(credentials.spell(request, token)), conversation.receive, conversation.send)
    except Exception as error:  # noqa: BLE001 - whatever a broken server raises, its server would log and answer for it
        if conversation.status is None:
            return Exchange(request, trouble=f"failed with {type(error).__name__}")
    return conversation.exchange(request)


async def send_all_in_process(
    app: ASGIApp,
    requests: Iterable[PlannedRequest],
    token: str,
    follower: Follower | None = None,
    credentials: Credentials = BEARER_ALONE,
) -> AsyncIterator[Exchange]:
    """Sends requests one after the other, or at once where they are to be sent so.

    A follower makes further ones of the answers.
    """
    for planned_group in at_once(requests):
        group = [each for planned in planned_group if (each := _prepared(planned, follower))]
        sending = [send_in_process(app, each.request, token, credentials) for each in group]
        exchanges = await asyncio.gather(*sending) if len(sending) > 1 else [await each for each in sending]
        for planned, exchange in zip(group, exchanges, strict=True):
            yield replace(exchange, id=planned.id)
        for planned, exchange in zip(group, exchanges, strict=True):
            for each in follower.after(planned, exchange) if follower else ():
                yield await send_in_process(app, each.request, token, credentials)
    for each in follower.at_the_end() if follower else ():
        yield await send_in_process(app, each.request, token, credentials)


def _prepared(planned: PlannedRequest, follower: Follower | None) -> PlannedRequest | None:
    """The planned request as it is sent; None if it is not to be."""
    request = follower.prepare(planned.request) if follower else planned.request
    return replace(planned, request=request) if request else None


@dataclass
class _Conversation:
    """The two ends that an application has of a request."""

    content: bytes
    status: int | None = None
    headers: Headers = field(default_factory=Headers)
    body: bytearray = field(default_factory=bytearray)

    async def receive(self) -> Message:
        content, self.content = self.content, b""
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = Headers(
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]
            )
        else:
            self.body += message.get("body", b"")

    def exchange(self, request: Request) -> Exchange:
        """The exchange as a client has it: a server sends no body to HEAD, and cuts off a reply of the wrong length."""
        is_head = request.method == "HEAD"
        length = self.headers.first("Content-Length")
        if self.status is None or not (is_head or length is None or int(length) == len(self.body)):
            return Exchange(request, trouble=_BROKEN)
        return Exchange(request, Response(self.status, self.headers, b"" if is_head else bytes(self.body)))


def _scope(request: Request) -> Scope:
    has_length = request.body and not request.is_chunked
    length = [(b"content-length", b"%d" % len(request.body))] if has_length else []
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.path.encode("latin-1"),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [
            *((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers),
            *length,
        ],
        "server": _SERVER,
        "client": None,
    }
