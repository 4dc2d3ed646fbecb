"""A mock that fails on demand, for those who call the API and test their own code against it."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from starlette.middleware.base import BaseHTTPMiddleware
from voiceos_client.models import CreateCall as SentCall
from voiceos_models import CreateCall, ValidationError

from .mock import Answer, Respond, create_app, judge_with_token, refuse, respond_with_conversation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response


class ReceivedCall(CreateCall):
    """A request that the mock received. It equals the client's `CreateCall` that was sent, and its JSON as a dict."""

    def __eq__(self, other: object) -> bool:
        content = other.to_dict() if isinstance(other, SentCall) else other
        if isinstance(content, CreateCall):
            return super().__eq__(content)
        return bool(self.model_dump(mode="json", exclude_unset=True) == content)

    __hash__ = None  # type: ignore[assignment] # it can be changed, as any model


TOKEN: Final = "mock-token"  # noqa: S105 - of a server that guards nothing


class MockServer:
    """A mock that conforms, unless it is told otherwise for its next answers.

    Attributes:
        url: Its base URL.
        token: The token that it accepts.
        calls: The well-formed requests that it received, in order, whatever it answered.
    """

    def __init__(self) -> None:
        self.url = ""
        self.token = TOKEN
        self.calls: list[ReceivedCall] = []
        self._answers: deque[Respond] = deque()
        self._delays: deque[float] = deque()
        self._released = threading.Event()

    def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:  # noqa: ANN401 - JSON
        """Gives the next well-formed request this answer: a status, a JSON body, and header fields."""
        self._answers.append(lambda _: Answer(status, body, headers or {}))

    def refuse(self, *location: str | int, message: str = "Refused on demand") -> None:
        """Gives the next well-formed request a 422. `location` is the path of the field that is wrong."""
        error = ValidationError(loc=["body", *location], msg=message, type="value_error")
        self._answers.append(lambda _: refuse(error))

    def fail(self, status: int = 500) -> None:
        """Gives the next well-formed request an answer that the contract does not name. It may have placed a call."""
        self.answer(status, {"detail": "Failed on demand"})

    def change(self, **fields: Any) -> None:  # noqa: ANN401 - JSON
        """Answers the next well-formed request as always, but with these fields: an undocumented member, say."""
        self._answers.append(lambda call: _changed(respond_with_conversation(call), fields))

    def delay(self, seconds: float) -> None:
        """Lets the next answer wait."""
        self._delays.append(seconds)

    def reset(self) -> None:
        """Forgets what it received and what it was told."""
        self.calls.clear()
        self._answers.clear()
        self._delays.clear()

    def app(self) -> Starlette:
        """The application that serves it."""
        app = create_app(judge_with_token(self.token), self._respond)
        app.add_middleware(BaseHTTPMiddleware, dispatch=self._wait)
        return app

    def release(self) -> None:
        """Ends every delay, now and from now on."""
        self._released.set()

    def _respond(self, call: CreateCall) -> Answer:
        self.calls.append(ReceivedCall.model_validate_json(call.model_dump_json(exclude_unset=True)))
        respond = self._answers.popleft() if self._answers else respond_with_conversation
        return respond(call)

    async def _wait(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        if self._delays:
            await asyncio.to_thread(self._released.wait, self._delays.popleft())
        return response


def _changed(answer: Answer, fields: dict[str, Any]) -> Answer:
    return replace(answer, body={**answer.body, **fields})
