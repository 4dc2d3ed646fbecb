"""What a user may write. No type checker finds anything here."""

import asyncio
from datetime import datetime
from typing import assert_never, assert_type

import httpx
from voiceos_client import AuthenticatedClient
from voiceos_client.api.conversations import create_phone_call
from voiceos_client.models import (
    AgentConfiguration,
    AzureTranscriber,
    AzureVoice,
    ConversationResponse,
    ConversationStatus,
    CreateCall,
    DeepgramTranscriber,
    DeepgramVoice,
    ElevenlabsModelId,
    ElevenlabsVoice,
    ErrorResponse,
    HTTPValidationError,
    PlayhtVoice,
    PlayhtVoiceModel,
    RimeVoice,
)
from voiceos_client.types import Response, Undocumented, UndocumentedResponse, Unset
from voiceos_models import CreateCall as CreateCallModel

Answer = ConversationResponse | ErrorResponse | HTTPValidationError | UndocumentedResponse


def every_argument() -> AuthenticatedClient:
    AuthenticatedClient()
    AuthenticatedClient("http://127.0.0.1", token="t").with_timeout(httpx.Timeout(5))
    return AuthenticatedClient(base_url="http://127.0.0.1", token="t", timeout=None, headers={"a": "b"})


def every_way(call: CreateCall) -> None:
    with AuthenticatedClient() as client:
        assert_type(create_phone_call.sync(client=client, body=call), Answer)
        detailed = create_phone_call.sync_detailed(client=client, body=call)
        assert_type(detailed, Response[Answer])
        assert_type(detailed.status_code, int)
        assert_type(detailed.parsed, Answer)


async def every_way_at_once(call: CreateCall) -> None:
    async with AuthenticatedClient() as client:
        answers = await asyncio.gather(*(create_phone_call.asyncio(client=client, body=call) for _ in range(2)))
        assert_type(answers, list[Answer])
        assert_type(await create_phone_call.asyncio_detailed(client=client, body=call), Response[Answer])


def every_answer(answer: Answer) -> str:
    match answer:
        case ConversationResponse():
            assert_type(answer.status, ConversationStatus)
            assert_type(answer.status.is_documented, bool)
            value: str = answer.status.value
            assert_type(answer.started_at, datetime | None | Unset)
            return f"{answer.id} {value}"
        case HTTPValidationError():
            return "; ".join(error.msg for error in answer.detail or [])
        case ErrorResponse():
            return answer.detail
        case UndocumentedResponse():
            return f"{answer.status_code} {answer.reason} {answer.text}"
        case _:
            assert_never(answer)


def every_voice(agent: AgentConfiguration) -> str:
    match voice := agent.voice:
        case PlayhtVoice():
            assert_type(voice.model, PlayhtVoiceModel | str | None | Unset)
            assert_type(voice.style_guidance, float | None | Unset)
            return voice.provider
        case ElevenlabsVoice():
            assert_type(voice.model_id, ElevenlabsModelId | None | Unset)
            assert_type(voice.use_speaker_boost, bool | None | Unset)
            return voice.provider
        case AzureVoice():
            assert_type(voice.pitch, int | None | Unset)
            return voice.provider
        case DeepgramVoice():
            return voice.provider
        case RimeVoice():
            assert_type(voice.speed_alpha, float | None | Unset)
            return voice.provider
        case Undocumented():
            return str(voice.value)
        case None | Unset():
            return "default"
        case _:
            assert_never(voice)


def every_transcriber(agent: AgentConfiguration) -> str:
    match transcriber := agent.transcriber:
        case DeepgramTranscriber():
            return ", ".join(transcriber.keywords or [])
        case AzureTranscriber():
            return ", ".join(transcriber.languages or [])
        case Undocumented():
            return str(transcriber.value)
        case None | Unset():
            return "default"
        case _:
            assert_never(transcriber)


def models(text: str) -> int | None:
    call = CreateCallModel.model_validate_json(text)
    return call.agent_config.max_duration_seconds if call.agent_config else None


CreateCall(
    from_number="+12025550142",
    to_number="+12025550143",
    agent_id=None,
    agent_config=AgentConfiguration(
        voice=PlayhtVoice(model=PlayhtVoiceModel.SUSAN, speed=1), max_duration_seconds=None
    ),
)
AgentConfiguration(voice=Undocumented({"provider": "newco"}))
