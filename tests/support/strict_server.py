"""A server as a careful team writes it, with FastAPI and strict Pydantic models of its own. It keeps the contract.

It refuses whatever no source promises: fields that the documentation does not have, agents and credentials that its
account does not have, and integers that are spelled `300.0` or `3e2`. Nothing here is generated from the spec.
"""

from __future__ import annotations

from itertools import count
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, FastAPI, HTTPException
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import Request  # noqa: TC002 - FastAPI reads annotations as it runs

from contract_tests.servers.mock import PATH

AGENT: Final = "agent_of_the_account"
CREDENTIAL: Final = "credential_of_the_account"
"""All that the account has."""

_BEARER: Final = HTTPBearer()

FunctionName = Annotated[str, StringConstraints(pattern=r"^([a-zA-Z0-9_]{1,63}|<string>)$")]
Event = Literal[
    "phone_call:connection_requested",
    "phone_call:rejected",
    "phone_call:accepted",
    "function_call:triggered",
    "conversation:started",
    "conversation:ended",
    "conversation:duration",
    "speech:started",
    "speech:ended",
    "message:sent",
    "message:generated",
]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Provided(_Strict):
    credential_id: str | None = None


class Playht(_Provided):  # noqa: D101 - a branch of the voice, as the four below
    provider: Literal["playht"]
    model: str | None = None
    speed: Annotated[float, Field(ge=0, le=5)] | None = 1.0
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    text_guidance: Annotated[float, Field(ge=1, le=2)] | None = None
    style_guidance: Annotated[float, Field(ge=1, le=30)] | None = None


class Elevenlabs(_Provided):  # noqa: D101
    provider: Literal["elevenlabs"]
    voice_id: str | None = None
    model_id: Literal["eleven_multilingual_v2", "eleven_monolingual_v1", "eleven_turbo_v2"] | None = "eleven_turbo_v2"
    optimize_latency: Annotated[int, Field(ge=0, le=4)] | None = 3
    use_speaker_boost: bool | None = False
    similarity_boost: Annotated[float, Field(ge=0, le=1)] | None = 0.5
    stability: Annotated[float, Field(ge=0, le=1)] | None = 0.5


class AzureVoice(_Provided):  # noqa: D101
    provider: Literal["azure"]
    model: str | None = None
    pitch: Annotated[int, Field(ge=-20, le=20)] | None = 0
    rate: Annotated[int, Field(ge=-50, le=50)] | None = 0


class DeepgramVoice(_Provided):  # noqa: D101
    provider: Literal["deepgram"]
    model: str | None = None


class Rime(_Provided):  # noqa: D101
    provider: Literal["rime"]
    speaker: str | None = None
    speed_alpha: Annotated[float, Field(ge=0.5, le=2)] | None = 1.0
    reduce_latency: bool | None = False


Voice = Annotated[Playht | Elevenlabs | AzureVoice | DeepgramVoice | Rime, Field(discriminator="provider")]


class DeepgramTranscriber(_Provided):  # noqa: D101 - a branch of the transcriber, as the next
    provider: Literal["deepgram"]
    model: str | None = None
    language: str | None = None
    keywords: list[str] | None = Field(default_factory=list)


class AzureTranscriber(_Provided):  # noqa: D101
    provider: Literal["azure"]
    languages: list[str] | None = Field(default_factory=lambda: ["en-US"])


Transcriber = Annotated[DeepgramTranscriber | AzureTranscriber, Field(discriminator="provider")]


class Parameters(_Strict):  # noqa: D101 - of a function
    type: Literal["object"] | None = None
    properties: dict[str, Any]
    required: list[str] | None = None


class Function(_Strict):  # noqa: D101 - of a tool
    name: FunctionName
    description: str
    parameters: Parameters


class Tool(_Strict):  # noqa: D101 - of a language model
    type: Literal["function"]
    function: Function


class LanguageModel(_Provided):  # noqa: D101 - of an agent
    provider: Literal["openai"]
    model: str | None = None
    tools: list[Tool] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = 0
    max_tokens: int | None = 300


class Webhook(_Strict):  # noqa: D101 - of an agent
    events: list[Event]
    filter: str | None = None
    url: str
    method: Literal["GET", "POST"]
    headers: dict[str, str] | None = None


class Instruction(_Strict):  # noqa: D101 - of a hook
    instruction: Literal["hang_up"]


class Hook(_Strict):  # noqa: D101 - of an agent
    events: list[Event]
    filter: str | None = None
    instructions: list[Instruction]


class Agent(_Strict):  # noqa: D101 - described on the spot
    initial_message: str | None = None
    prompt: str | None = None
    voice: Voice | None = None
    language_model: LanguageModel | None = None
    transcriber: Transcriber | None = None
    max_duration_seconds: int | None = 600
    webhooks: list[Webhook] | None = None
    hooks: list[Hook] | None = None
    metadata: dict[str, str] | None = None


class Call(_Strict):  # noqa: D101 - a request
    from_number: str
    to_number: str
    agent_id: str | None = None
    agent_config: Agent | None = None


def make_strict_app(token: str) -> FastAPI:
    """Makes the server, which takes this token."""
    app, numbers = FastAPI(), count(1)
    conversations: dict[str, dict[str, Any]] = {}

    def require_token(credentials: Annotated[HTTPAuthorizationCredentials, Depends(_BEARER)]) -> None:
        if credentials.credentials != token:
            raise HTTPException(401, "Invalid token", {"WWW-Authenticate": "Bearer"})

    @app.post(PATH, dependencies=[Depends(require_token)])
    async def create_phone_call(call: Call) -> dict[str, Any]:
        _require_known(call)
        made = _converse(call, next(numbers))
        conversations[made["id"]] = made
        return made

    @app.get("/conversations/{number}", dependencies=[Depends(require_token)])
    async def read_conversation(number: str) -> dict[str, Any]:
        if number not in conversations:
            raise HTTPException(404, "No such conversation")
        return conversations[number]

    @app.exception_handler(StarletteHTTPException)
    async def explain(_request: Request, error: StarletteHTTPException) -> JSONResponse:
        if error.status_code == 400:  # noqa: PLR2004 - FastAPI's own word for a body that is no UTF-8
            return JSONResponse({"detail": []}, 422)
        return JSONResponse({"detail": error.detail}, error.status_code, error.headers)

    @app.exception_handler(RequestValidationError)
    async def refuse(_request: Request, error: RequestValidationError) -> JSONResponse:
        details = [{"loc": each["loc"], "msg": each["msg"], "type": each["type"]} for each in error.errors()]
        return JSONResponse({"detail": jsonable_encoder(details)}, 422)

    return app


def _require_known(call: Call) -> None:
    agent = call.agent_config or Agent()
    parts = (agent.voice, agent.language_model, agent.transcriber)
    credentials = {part.credential_id for part in parts if part} - {None, CREDENTIAL}
    if credentials or call.agent_id not in {None, AGENT}:
        raise HTTPException(404, "The account has no such agent or credential")


def _converse(call: Call, number: int) -> dict[str, Any]:
    return {
        "id": str(number),
        "uri": f"/conversations/{number}",
        "type": "outbound_phone_call",
        "account_id": "1",
        "status": "queued",
        "started_at": None,
        "ended_at": None,
        "ended_reason": None,
        "agent_id": call.agent_id,
        "agent_config": (call.agent_config or Agent()).model_dump(),
        "messages": [],
        "phone_call": {"provider": "twilio", "to_number": call.to_number, "from_number": call.from_number},
        "cost_breakdown": None,
    }
