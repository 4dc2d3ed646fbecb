"""The mock for everyone: it remembers calls, lets them live, sends webhooks, and does as it is told.

The pytest plugin has it in a thread, the command `voiceos-mock` in a process.
"""

from __future__ import annotations

import base64
import time
from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from voiceos_client.models import CreateCall as SentCall
from voiceos_models import ConversationStatus, CreateCall, ErrorResponse, ValidationError

from contract_tests.servers.answer import Answer
from contract_tests.servers.control import control_routes, route_of_webhooks
from contract_tests.servers.edge import at_the_edge
from contract_tests.servers.journal import KEPT, Journal
from contract_tests.servers.knowledge import Knowledge
from contract_tests.servers.lives import Pace, in_state, plan_life
from contract_tests.servers.mock import CONVERSATION_PATH, PATH, conversation, judge_with_token, refuse, serve
from contract_tests.servers.order_book import OrderBook, Ways, obey
from contract_tests.servers.orders import Order, OrderedAnswer, OrderError
from contract_tests.servers.preferences import of_headers
from contract_tests.servers.request_fields import explain_unknown
from contract_tests.servers.store import Kept, Store
from contract_tests.servers.webhooks import Courier, plan_deliveries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from typing import TextIO

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from contract_tests.servers.mock import ReceivedRequest
    from contract_tests.servers.preferences import Preferences

TOKEN: Final = "mock-token"  # noqa: S105 - of a server that guards nothing
_PLACE: Final = f"POST {PATH}"
_LOOK_UP: Final = f"GET {CONVERSATION_PATH}"


class ReceivedCall(CreateCall):
    """A request that the mock received. It equals the client's `CreateCall` that was sent, and its JSON as a dict."""

    def __eq__(self, other: object) -> bool:
        content = other.to_dict() if isinstance(other, SentCall) else other
        if isinstance(content, CreateCall):
            return super().__eq__(content)
        return bool(self.model_dump(mode="json", exclude_unset=True) == content)

    __hash__ = None  # type: ignore[assignment] # it can be changed, as any model


@dataclass(frozen=True)
class Settings:
    """How a mock behaves throughout."""

    token: str = TOKEN
    """The token that it accepts."""
    pace: Pace = field(default_factory=Pace)
    state: Path | None = None
    """The file that keeps conversations over restarts."""
    deliver_to: Sequence[str] = ()
    """The hosts beside this machine that webhooks may reach."""
    origins: Sequence[str] = ()
    """The origins beside those of this machine whose pages may use the mock in a browser."""
    always: Order = field(default_factory=Order)
    """The order that holds for every answer without one of its own."""


class MockServer:
    """A mock that conforms, unless it is told otherwise for its next answers.

    Attributes:
        url: Its base URL.
        token: The token that it accepts.
        pace: How long calls ring, and how long people talk.
        exchanges: The last 1,000 requests, with the responses but for those that it was told to give.

    Raises:
        StateError: the file of the state cannot be used.
    """

    def __init__(self, settings: Settings | None = None, log: TextIO | None = None) -> None:
        self.url = ""
        self._settings = settings or Settings()
        self.token = self._settings.token
        self.pace = self._settings.pace
        self.journal = Journal(log)
        self._knowledge = Knowledge()
        self._store = Store(self._settings.state)
        self._courier = Courier(self.journal, self._settings.deliver_to)
        self._judge = judge_with_token(self.token)
        self._bodies: deque[bytes] = deque(maxlen=KEPT)
        self._orders = OrderBook(self._settings.always)
        self.exchanges: deque[dict[str, Any]] = deque(maxlen=KEPT)

    @property
    def calls(self) -> list[ReceivedCall]:
        """The last 1,000 well-formed requests that it received, in order, whatever it answered."""
        return [ReceivedCall.model_validate_json(body) for body in tuple(self._bodies)]

    def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:  # noqa: ANN401 - JSON
        """Gives the next well-formed request this answer: a status, a JSON body, and header fields."""
        self.order(Order(answer=OrderedAnswer(status=status, body=body, headers=headers or {})))

    def refuse(self, *location: str | int, message: str = "Refused on demand") -> None:
        """Gives the next well-formed request a 422. `location` is the path of the field that is wrong.

        Raises:
            OrderError: no request can have such a field.
        """
        self.order(Order(refuse=[*location], message=message))

    def fail(self, status: int = 500) -> None:
        """Gives the next well-formed request an answer that the contract does not name. It may have placed a call."""
        self.order(Order(fail=status))

    def change(self, **fields: Any) -> None:  # noqa: ANN401 - JSON
        """Answers the next well-formed request as always, but with these fields: an undocumented member, say."""
        self.order(Order(change=fields))

    def delay(self, seconds: float) -> None:
        """Lets the next answer wait."""
        self.order(Order(delay=seconds))

    def order(self, order: Order) -> None:
        """Has the next answer be as the order says.

        Raises:
            OrderError: it blames a field that no request can have.
        """
        if problem := explain_unknown(order.refuse or ()):
            raise OrderError(problem)
        self._orders.take(order)

    def forgive(self) -> None:
        """Forgets the requests so far that break the contract: the test does not fail for them."""
        self.exchanges.clear()

    def reset(self) -> None:
        """Forgets what it received and what it was told, and sends no webhook that is still due."""
        self.pace = self._settings.pace
        self._courier.drop()
        self._store.clear()
        self.journal.clear()
        self._bodies.clear()
        self.exchanges.clear()
        self._orders.clear()

    def app(self) -> ASGIApp:
        """The application that serves it."""
        controls = [*control_routes(self), route_of_webhooks(self.journal)]
        app = _Tap(serve(self._place, self._look_up, controls), self.exchanges.append)
        return at_the_edge(app, self.journal, self._knowledge.reasons, self._settings.origins)

    def release(self) -> None:
        """Ends every delay, now and from now on."""
        self._orders.release()

    def close(self) -> None:
        """Closes the file of the state."""
        self._store.close()

    async def _place(self, request: ReceivedRequest) -> Answer:
        judged, preferences = self._judge(request), of_headers(request.headers)
        if isinstance(judged, Answer):
            await self._orders.wait()
            return judged
        self._bodies.append(request.body)
        begin = partial(self._begin, judged, preferences.status)
        return await self._obey(_PLACE, preferences, begin)

    async def _look_up(self, request: ReceivedRequest, identifier: str) -> Answer:
        judged, preferences = self._judge(request), of_headers(request.headers)
        if isinstance(judged, Answer):
            await self._orders.wait()
            return judged
        show = partial(self._show, identifier, preferences.status)
        return await self._obey(_LOOK_UP, preferences, show)

    async def _obey(self, label: str, preferences: Preferences, usual: Callable[[], Answer]) -> Answer:
        """The answer to a well-formed request, once it is due."""
        order = self._orders.next()
        if order.is_about_the_answer or preferences:
            _is_told.get([]).append(True)
        prescribe = partial(self._knowledge.prescribe, label)
        answer = obey(order, preferences, Ways(usual, _blame, prescribe, ("code", "status")))
        await self._orders.wait(preferences.wait)
        return answer

    def _begin(self, call: CreateCall, status: str | None) -> Answer:
        """Begins the conversation that a call asks for. With a state, it began so long ago that it has it now."""
        now = time.time()
        life, events = plan_life(call, now, self.pace)
        if status is not None:
            life, events = plan_life(call, 2 * now - life.moment(status), self.pace)
        begun = conversation(call, ConversationStatus.queued)
        self._store.keep(Kept(begun, life))
        for deliveries in plan_deliveries(call, events):
            self._courier.take(deliveries, lambda at: in_state(begun, life, life.status(at)))
        return Answer(200, in_state(begun, life, status or life.status(now)))

    def _show(self, identifier: str, status: str | None) -> Answer:
        """The conversation with an id, as it is now or in a state; a 404 if there is none."""
        kept = self._store.find(identifier)
        if kept is None:
            return Answer(404, ErrorResponse(detail="No such conversation").model_dump())
        return Answer(200, in_state(kept.conversation, kept.life, status or kept.life.status(time.time())))


def _blame(location: Sequence[str | int], message: str) -> Answer:
    """A 422 that blames the field at a path of the body."""
    return refuse(ValidationError(loc=["body", *location], msg=message, type="value_error"))


_is_told: ContextVar[list[bool]] = ContextVar("is_told")
"""Holds something if the response to the request of this task is one that a test told the mock to give."""


class _Tap:
    """Keeps each exchange of an application. Of a response that a test asked for, it keeps nothing."""

    def __init__(self, app: ASGIApp, keep: Callable[[dict[str, Any]], None]) -> None:
        self._app = app
        self._keep = keep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_mock/"):
            await self._app(scope, receive, send)
            return
        received: list[Message] = []
        sent: list[Message] = []

        async def hear() -> Message:
            received.append(message := await receive())
            return message

        async def say(message: Message) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self._keep(_exchange(scope, received, [] if told else sent))
            await send(message)

        told: list[bool] = []
        token = _is_told.set(told)
        try:
            await self._app(scope, hear, say)
        finally:
            _is_told.reset(token)


def _exchange(scope: Scope, received: list[Message], sent: list[Message]) -> dict[str, Any]:
    """An exchange as contract_tests/traffic/exchange.schema.json describes it."""
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    host, port = scope["server"]
    request = {"method": scope["method"], "url": f"http://{host}:{port}{path}{'?' if query else ''}{query}"}
    statuses = [message for message in sent if message["type"] == "http.response.start"]
    response = {"status": statuses[0]["status"]} | _message(statuses[0]["headers"], sent) if statuses else None
    return {"request": request | _message(scope["headers"], received), "response": response}


def _message(headers: Iterable[tuple[bytes, bytes]], messages: list[Message]) -> dict[str, Any]:
    fields: dict[str, list[str]] = {}
    for name, value in headers:
        fields.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    body = b"".join(message.get("body", b"") for message in messages)
    try:
        return {"headers": fields, "body": body.decode()}
    except UnicodeDecodeError:
        return {"headers": fields, "body": base64.b64encode(body).decode(), "encoding": "base64"}
