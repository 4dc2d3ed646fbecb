"""Faults that show over time: with the same call again, after many, or with two at once."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contract_tests.servers.answer import Answer
from contract_tests.servers.faults.fault import Fault, by_judging, judge_rightly
from contract_tests.servers.mock import Judge, ReceivedRequest, create_app, respond_with_conversation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from voiceos_models import CreateCall

    from contract_tests.servers.faults.fault import MakeApp

_REFUSED: Final = "documented_request_accepted"
_CRASH: Final = "not_a_server_error"
_ECHO: Final = "configuration_used"
_MANY: Final = 30
_BOOM: Final = Answer(500, {"detail": "boom"})
_TURNS: Final = 20
"""How often a server that mixes requests up lets others have their turn before it answers."""


def time_faults() -> Iterator[Fault]:
    """All of them."""
    for name, answer, check in (
        ("refused", Answer(422, {"detail": []}), _REFUSED),
        ("taken for a conflict", Answer(409, {"detail": "There is one already"}), _REFUSED),
        ("too much for the server", _BOOM, _CRASH),
    ):
        yield Fault(f"the same call again is {name}", check, _when_known(answer))
    yield Fault("the same call again begins no new conversation", "id_is_new", _remembering_answers)
    yield Fault("the first configuration is used for good after many calls", _ECHO, _growing_stale)
    yield Fault("the first call again crashes after many", _CRASH, _when_known(_BOOM, after=_MANY))
    yield Fault("the answers to two calls at once are mixed up", _ECHO, _Mixing.make_app)
    yield Fault("two calls at once crash", _CRASH, _Colliding.make_app)


def _when_known(answer: Answer, after: int = 0) -> MakeApp:
    """A server with an answer of its own to a body that it has accepted before, some calls ago."""

    def make_judge(token: str) -> Judge:
        seen: list[bytes] = []

        def judge(request: ReceivedRequest) -> CreateCall | Answer:
            judged = judge_rightly(token)(request)
            if isinstance(judged, Answer) or request.is_read:
                return judged
            is_known = request.body in seen[: len(seen) - after]
            seen.append(request.body)
            return answer if is_known else judged

        return judge

    return by_judging(make_judge)


def _remembering_answers(token: str) -> ASGIApp:
    """A server that takes the same call for a retry, and answers with the conversation that there is."""
    answers: dict[str, Answer] = {}

    def respond(call: CreateCall) -> Answer:
        return answers.setdefault(call.model_dump_json(), respond_with_conversation(call))

    return create_app(judge_rightly(token), respond)


def _growing_stale(token: str) -> ASGIApp:
    """A server whose cache of configurations is full at some time."""
    calls: list[CreateCall] = []

    def respond(call: CreateCall) -> Answer:
        calls.append(call)
        stale = next((each for each in calls if each.agent_config), call)
        answer = respond_with_conversation(call)
        if len(calls) > _MANY:
            body: dict[str, Any] = respond_with_conversation(stale).body
            answer.body["agent_config"] = body["agent_config"]
        return answer

    return create_app(judge_rightly(token), respond)


@dataclass
class _Mixing:
    """A server that keeps the answer to send where another request can get at it."""

    app: ASGIApp
    under_way: int = 0
    kept: bytes = b""

    @classmethod
    def make_app(cls, token: str) -> ASGIApp:
        """Makes the server, by the token that it takes."""
        return cls(create_app(judge_rightly(token)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a request."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        self.under_way += 1
        await self._let_others_in()
        await self.app(scope, receive, keep)
        start, end = messages[0], messages[-1]
        self.kept = end.get("body", b"")
        await self._let_others_in()
        await self._answer(start, self.kept if self.under_way > 1 else end.get("body", b""), send)
        self.under_way -= 1

    async def _let_others_in(self) -> None:
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    async def _answer(self, start: Message, body: bytes, send: Send) -> None:
        others = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        await send({**start, "headers": [*others, (b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})


class _Colliding(_Mixing):
    """A server that crashes where two requests are under way."""

    async def _answer(self, start: Message, body: bytes, send: Send) -> None:
        if self.under_way > 1:
            start, body = {**start, "status": 500}, json.dumps({"detail": "boom"}).encode()
        await super()._answer(start, body, send)
