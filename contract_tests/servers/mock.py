"""A server that conforms: VoiceOS's endpoints as they are documented, without the call.

It is written on the generated models, so that a run of the suite against it also proves the models. Three seams make a
different server of it: `judge` decides what becomes of a request, `respond` makes the response to an accepted one, and
`read` makes the response to a request for a conversation.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from pydantic import ValidationError as PydanticValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from voiceos_models import (
    AgentConfiguration,
    ConversationResponse,
    ConversationStatus,
    ConversationType,
    CreateCall,
    EndedReason,
    ErrorResponse,
    HTTPValidationError,
    PhoneCall,
    ValidationError,
)

from contract_tests.exchange.strict_json import parse_json
from contract_tests.servers.answer import Answer, make_response
from contract_tests.servers.conversations import COST, SAID, Conversations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.routing import BaseRoute

PATH: Final = "/conversations/create_phone_call"
CONVERSATION_PATH: Final = "/conversations/{id}"
MAX_BODY: Final = 16 * 1024 * 1024
"""The longest body that is read, in bytes."""

_NO_SUCH_PATH: Final = f"no such path; the mock has POST {PATH} and GET {CONVERSATION_PATH}"


@dataclass(frozen=True)
class ReceivedRequest:
    """A request as it came: its header fields in order, names in lower case, and the bytes of its body."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_read: bool = False
    """True for a request to read a conversation. `PLAIN_CALL` is its body, so that its credentials count alone."""

    def header(self, name: str) -> str | None:
        """The value of a header field; None if it is absent or there are several."""
        values = [value for key, value in self.headers if key == name]
        return values[0] if len(values) == 1 else None


Judge = Callable[[ReceivedRequest], CreateCall | Answer]
"""Accepts a request, as the call that it asks for, or turns it away with an answer."""

Respond = Callable[[CreateCall], Answer]
"""Makes the answer to an accepted request."""

Read = Callable[[Conversations, str], Answer]
"""Makes the answer to a request for the conversation with an id."""

Place = Callable[[ReceivedRequest], Awaitable[Answer]]
"""Answers a request to place a call."""

LookUp = Callable[[ReceivedRequest, str], Awaitable[Answer]]
"""Answers a request for the conversation with an id."""

PLAIN_CALL: Final = b'{"from_number": "+12025550142", "to_number": "+12025550143", "agent_id": "agent_8c1f"}'
"""The body of a call that has nothing special."""


def create_app(judge: Judge, respond: Respond | None = None, read: Read | None = None) -> Starlette:
    """The application that serves the endpoints as the seams say. `respond` and `read` are conforming by default."""
    respond = respond or respond_with_conversation
    read = read or read_conversation
    conversations = Conversations()

    async def place(request: ReceivedRequest) -> Answer:
        judged = judge(request)
        if isinstance(judged, Answer):
            return judged
        answer = respond(judged)
        conversations.keep(_read_json(answer.body) if isinstance(answer.body, bytes) else answer.body)
        return answer

    async def look_up(request: ReceivedRequest, identifier: str) -> Answer:
        judged = judge(request)
        return judged if isinstance(judged, Answer) else read(conversations, identifier)

    return serve(place, look_up)


def serve(place: Place, look_up: LookUp, others: Sequence[BaseRoute] = ()) -> Starlette:
    """The application that serves the endpoints by these two functions, and other routes beside them."""

    async def create_phone_call(request: Request) -> Response:
        try:
            body = await _read_body(request)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        return make_response(await place(ReceivedRequest(_fields(request), body)))

    async def get_conversation(request: Request) -> Response:
        others = (field for field in _fields(request) if field[0] != "content-type")
        received = ReceivedRequest((*others, ("content-type", "application/json")), PLAIN_CALL, is_read=True)
        return make_response(await look_up(received, request.path_params["id"]))

    routes = [
        Route(PATH, create_phone_call, methods=["POST"]),
        Route(CONVERSATION_PATH, get_conversation, methods=["GET"]),
        *others,
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _explain})
    app.router.redirect_slashes = False
    return app


def read_conversation(conversations: Conversations, identifier: str) -> Answer:
    """The conversation with an id, or a 404."""
    conversation = conversations.read(identifier)
    if conversation is None:
        return Answer(404, ErrorResponse(detail="No such conversation").model_dump())
    return Answer(200, conversation)


def judge_with_token(token: str) -> Judge:
    """The conforming judge: first the token, then the media type, the JSON and the models."""

    def judge(request: ReceivedRequest) -> CreateCall | Answer:
        return refuse_credentials(request, token) or judge_body(request)

    return judge


def refuse_credentials(request: ReceivedRequest, token: str) -> Answer | None:
    """The answer to a request without the right token; None for one that has it.

    As the vendor's framework does, a request without bearer credentials gets 403 and one with a wrong token 401.
    """
    scheme, _, credentials = (request.header("authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not credentials:
        return Answer(403, ErrorResponse(detail="Not authenticated").model_dump())
    if not secrets.compare_digest(credentials.encode(), token.encode()):
        return Answer(401, ErrorResponse(detail="Invalid token").model_dump(), {"WWW-Authenticate": "Bearer"})
    return None


def judge_body(request: ReceivedRequest) -> CreateCall | Answer:
    """The call that a body asks for, or the 422 that says what is wrong with it."""
    media_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        return refuse(ValidationError(loc=["header", "content-type"], msg="Not application/json", type="media_type"))
    if len(request.body) > MAX_BODY:
        return refuse(ValidationError(loc=["body"], msg=f"Longer than {MAX_BODY} bytes", type="too_long"))
    try:
        return CreateCall.model_validate(parse_json(request.body))
    except PydanticValidationError as error:
        return refuse(
            *(
                ValidationError(loc=["body", *detail["loc"]], msg=detail["msg"], type=detail["type"])
                for detail in error.errors(include_url=False, include_context=False, include_input=False)
            )
        )
    except ValueError as error:
        return refuse(ValidationError(loc=["body"], msg=f"Not JSON: {error}", type="json_invalid"))


def refuse(*errors: ValidationError) -> Answer:
    """A 422 that lists the errors."""
    return Answer(422, HTTPValidationError(detail=list(errors)).model_dump(mode="json"))


def respond_with_conversation(call: CreateCall) -> Answer:
    """The conversation that a call begins, in one of its states. Which state follows from the request alone."""
    states = list(ConversationStatus)
    status = states[crc32(call.model_dump_json().encode(errors="replace")) % len(states)]
    return Answer(200, conversation(call, status))


def conversation(call: CreateCall, status: ConversationStatus) -> dict[str, Any]:
    """A new conversation that a call began, as JSON, in a state."""
    body = _conversation(call, status).model_dump(mode="json")
    for name in ("started_at", "ended_at"):
        body[name] = body[name] and body[name].replace("+00:00", "Z")  # as the documentation spells date-times
    return body


def _conversation(call: CreateCall, status: ConversationStatus) -> ConversationResponse:
    identifier = secrets.token_hex(16)
    now = datetime.now(UTC)
    ended = status is ConversationStatus.ended
    return ConversationResponse(
        id=identifier,
        uri=f"/conversations/{identifier}",
        type=ConversationType.outbound_phone_call,
        account_id="account_of_the_mock",
        status=status,
        started_at=None if status is ConversationStatus.queued else now - timedelta(seconds=30),
        ended_at=now if ended else None,
        agent_config=_configuration_used(call),
        agent_id=call.agent_id,
        messages=[] if status is ConversationStatus.queued else [*SAID],
        phone_call=PhoneCall(provider="twilio", to_number=call.to_number, from_number=call.from_number),
        ended_reason=EndedReason.user_ended if ended else None,
        cost_breakdown=COST if ended else None,
    )


def _configuration_used(call: CreateCall) -> AgentConfiguration:
    """The request's configuration, defaults filled in; for a stored agent, one of nothing but defaults."""
    return call.agent_config or AgentConfiguration()


def _fields(request: Request) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)


def _read_json(body: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return parse_json(body)
    except ValueError:
        return None


async def _explain(_request: Request, error: Exception) -> Response:
    """The answer to a request for another path, or with another method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as it is registered
    detail = _NO_SUCH_PATH if error.status_code == HTTPStatus.NOT_FOUND else error.detail
    return JSONResponse({"detail": detail}, error.status_code, error.headers)


async def _read_body(request: Request) -> bytes:
    """The body; of one that is longer than `MAX_BODY`, as much as shows that."""
    body = bytearray()
    async for chunk in request.stream():
        if len(body) <= MAX_BODY:
            body += chunk
    return bytes(body)
