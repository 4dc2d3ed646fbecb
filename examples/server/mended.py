"""Takes calls as the contract has them: `app.py`, after its team has followed the report of the suite."""

import hmac
import json
import os
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException as StarletteHTTPException
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


def require_token(given: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> None:
    """Turns away whoever has not the token."""
    if not hmac.compare_digest(given.credentials.encode(), TOKEN.encode()):
        raise HTTPException(401, "Invalid token", {"WWW-Authenticate": "Bearer"})


async def require_json(request: Request) -> None:
    """Turns away NaN and Infinity. They are no JSON, though Python's reader takes them."""

    def refuse_constant(name: str) -> None:
        raise HTTPException(400, f"{name} is no JSON")

    with suppress(ValueError):  # FastAPI says what else is wrong
        json.loads(await request.body(), parse_constant=refuse_constant)


@app.post("/conversations/create_phone_call", dependencies=[Depends(require_token), Depends(require_json)])
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


@app.get("/conversations/{number}", dependencies=[Depends(require_token)])
def read_conversation(number: str) -> ConversationResponse:
    """Reads a conversation."""
    if number not in conversations:
        raise HTTPException(404, "No such conversation")
    return conversations[number]
