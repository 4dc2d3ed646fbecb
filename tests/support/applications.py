"""Applications that answer as a test tells them, and remember what they got."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from tests.conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message, Receive, Scope, Send


@dataclass
class Application:
    """An application that answers as it is told, and remembers what it got."""

    answer: Callable[[Request, bytes], Response] = lambda _request, _body: Response("fine")
    seen: list[tuple[Request, bytes]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        request = Request(scope, receive)
        body = await request.body()
        self.seen.append((request, body))
        await self.answer(request, body)(scope, _again(body, receive), send)


def has_the_token(request: Request) -> bool:
    """Tells whether a request has the tests' token, and nothing but that; the scheme may be in any case."""
    scheme, _, token = ",".join(request.headers.getlist("authorization")).partition(" ")
    return (scheme.lower(), token) == ("bearer", TOKEN)


def is_json(request: Request) -> bool:
    """Tells whether a request says that its body is JSON, in any spelling of the media type."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def _again(body: bytes, then: Receive) -> Receive:
    """Gives a body that was read to whoever reads it again."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else await then()

    return receive
