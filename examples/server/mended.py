"""Takes calls as the contract has them: `app.py`, after its team has followed the report of the suite."""

import hmac
import json
import os
import uuid
from contextlib import suppress
from datetime import UTC, datetime

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.base import RequestResponseEndpoint
from voiceos_models import (
    AgentConfiguration,
    ConversationResponse,
    ConversationStatus,
    ConversationType,
    CreateCall,
    PhoneCall,
)

TOKEN = os.environ.get("SERVER_TOKEN", "a-token")
app = FastAPI()
conversations: dict[str, ConversationResponse] = {}


@app.exception_handler(RequestValidationError)
async def refuse(_request: Request, error: RequestValidationError) -> JSONResponse:
    """Says what is wrong with a request, without its values: they may be what JSON cannot hold."""
    detail = [{name: each[name] for name in ("loc", "msg", "type")} for each in error.errors()]
    return JSONResponse({"detail": detail}, 422)


@app.exception_handler(StarletteHTTPException)
async def refuse_unreadable(request: Request, error: StarletteHTTPException) -> Response:
    """Answers as FastAPI does, but for a body that it cannot read: the contract has 422 for that, and no 400."""
    if error.status_code == 400:
        return JSONResponse({"detail": [{"loc": ["body"], "msg": error.detail, "type": "unreadable"}]}, 422)
    return await http_exception_handler(request, error)


@app.middleware("http")
async def require_token(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Turns away whoever has not the token. A dependency would be too late: FastAPI reads the body before it."""
    given = await HTTPBearer(auto_error=False)(request)
    if given is None or not hmac.compare_digest(given.credentials.encode(), TOKEN.encode()):
        return JSONResponse({"detail": "Invalid token"}, 401, {"WWW-Authenticate": "Bearer"})
    return await call_next(request)


async def require_json(request: Request) -> None:
    """Turns away NaN and Infinity. They are no JSON, though Python's reader takes them."""

    def refuse_constant(name: str) -> None:
        raise HTTPException(400, f"{name} is no JSON")

    with suppress(ValueError):  # FastAPI says what else is wrong
        json.loads(await request.body(), parse_constant=refuse_constant)


@app.post("/conversations/create_phone_call", dependencies=[Depends(require_json)])
def create_phone_call(call: CreateCall) -> ConversationResponse:
    """Begins a conversation."""
    number = uuid.uuid4().hex
    conversations[number] = ConversationResponse(
        id=number,
        uri=f"/conversations/{number}",
        type=ConversationType.outbound_phone_call,
        account_id="our-account",
        status=ConversationStatus.started,
        started_at=datetime.now(UTC),
        ended_at=None,
        agent_config=call.agent_config or AgentConfiguration(),
        agent_id=call.agent_id,
        messages=[],
        phone_call=PhoneCall(provider="twilio", to_number=call.to_number, from_number=call.from_number),
        ended_reason=None,
        cost_breakdown=None,
    )
    return conversations[number]


@app.get("/conversations/{number}")
def read_conversation(number: str) -> ConversationResponse:
    """Reads a conversation."""
    if number not in conversations:
        raise HTTPException(404, "No such conversation")
    return conversations[number]
