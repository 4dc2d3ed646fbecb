"""Exchanges for tests: made of parts, or by asking an application in process. No socket is opened."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final, Literal

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from contract_tests.judge.judge import judge
from contract_tests.kills.in_process import send_in_process
from contract_tests.servers.mock import PATH, create_app, judge_with_token, respond_with_conversation
from tests.conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from starlette.types import ASGIApp
    from voiceos_models import CreateCall

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.judge import Failure
    from contract_tests.servers.answer import Answer
    from spec.json_value import Json

JSON: Final = Headers([(CONTENT_TYPE, "application/json")])
AUTHORIZED: Final = Headers([(AUTHORIZATION, RIGHT), *JSON])
"""The header fields of a request with the right token and a JSON body."""
CALL: Final[dict[str, Any]] = {"from_number": "+12025550142", "to_number": "+12025550143"}
"""The body of the smallest valid request."""
CONVERSATION: Final[dict[str, Any]] = {
    "uri": "/conversations/1",
    "type": "outbound_phone_call",
    "account_id": "a",
    "status": "queued",
    "agent_config": {},
    "id": "1",
    "phone_call": {"provider": "twilio", **CALL},
}
"""The response to `post()` of a server that conforms."""


def post(body: Json = CALL, headers: Headers = AUTHORIZED, method: str = "POST") -> Request:
    """A request to the endpoint. Bytes are its body as they are, anything else is written as JSON."""
    return Request(method, PATH, headers, _content(body), "http://server")


def answer(body: Json, status: int = 200, headers: Headers = JSON) -> Response:
    """A response. Bytes are its body as they are, anything else is written as JSON."""
    return Response(status, headers, _content(body))


def call(request: Json = CALL, **changes: Json) -> Exchange:
    """A call of which the conversation's members were replaced."""
    return Exchange(post(request), answer(CONVERSATION | changes), may_have_rung=True)


def read(identifier: str = "1", **changes: Json) -> Exchange:
    """A conversation that was read, some of its members replaced."""
    request = Request("GET", f"/conversations/{identifier}", Headers([(AUTHORIZATION, RIGHT)]), b"", "http://server")
    return Exchange(request, answer(CONVERSATION | {"id": identifier} | changes))


def sent(app: ASGIApp, *requests: Request, token: str = TOKEN) -> list[Exchange]:
    """The exchanges that an application makes of requests, one after the other."""
    return asyncio.run(_send_all(app, requests, token))


def failures(contract: Contract, *exchanges: Exchange) -> list[Failure]:
    """All that the judge finds wrong with exchanges."""
    return [failure for judged in judge(contract, exchanges) for failure in judged.failures]


def failed(contract: Contract, *exchanges: Exchange) -> set[str]:
    """The names of the checks that exchanges fail."""
    return {failure.check for failure in failures(contract, *exchanges)}


def outcome(contract: Contract, check: str, exchange: Exchange) -> Literal["passes", "fails", "is not made"]:
    """The outcome of a check of an exchange."""
    (judged,) = judge(contract, [exchange])
    if check in judged.passed:
        return "passes"
    return "fails" if check in judged.made else "is not made"


def conforming() -> ASGIApp:
    """The mock."""
    return create_app(judge_with_token(TOKEN))


def responding(change: Callable[[Answer], Answer]) -> ASGIApp:
    """The mock with its answers to accepted requests changed."""
    return create_app(judge_with_token(TOKEN), lambda call: change(respond_with_conversation(call)))


def altering(**members: object) -> ASGIApp:
    """The mock with members of its conversations replaced."""

    def respond(call: CreateCall) -> Answer:
        answer = respond_with_conversation(call)
        answer.body.update(members)
        return answer

    return create_app(judge_with_token(TOKEN), respond)


def write_contract(folder: Path, text: str) -> Contract:
    """The contract of a spec, which is written to `openapi.yaml` in a folder."""
    spec = folder / "openapi.yaml"
    spec.write_text(text)
    return read_contract(spec)


def _content(body: Json) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


async def _send_all(app: ASGIApp, requests: Iterable[Request], token: str) -> list[Exchange]:
    return [await send_in_process(app, request, token) for request in requests]
