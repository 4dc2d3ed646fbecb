"""Waiting until a conversation has ended, at the mock, whose conversations come one state further each time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from voiceos_client import AuthenticatedClient
from voiceos_client.api.conversations import create_phone_call, get_conversation
from voiceos_client.models import ConversationResponse, CreateCall, ErrorResponse

from contract_tests.runtime.serving import running
from contract_tests.servers.answer import Answer
from contract_tests.servers.mock import create_app, judge_with_token, respond_with_conversation
from tests.conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voiceos_models import CreateCall as ReceivedCall

    from contract_tests.servers.conversations import Conversations

CALL = CreateCall(from_number="+12025550142", to_number="+12025550143")
calls: list[ReceivedCall] = []


def queue(call: ReceivedCall) -> Answer:
    """Answers with a conversation that has not begun."""
    calls.append(call)
    answer = respond_with_conversation(call)
    waiting = {"status": "queued", "started_at": None, "ended_at": None, "ended_reason": None, "cost_breakdown": None}
    return Answer(200, answer.body | waiting)


def stay(conversations: Conversations, identifier: str) -> Answer:
    """Answers with a conversation that goes on."""
    return Answer(200, {**(conversations.read(identifier) or {}), "status": "started"})


@pytest.fixture(scope="module")
def client() -> Iterator[AuthenticatedClient]:
    with running(create_app(judge_with_token(TOKEN), queue)) as url, AuthenticatedClient(url, token=TOKEN) as client:
        yield client


def begin(client: AuthenticatedClient) -> str:
    begun = create_phone_call.sync(client=client, body=CALL)
    assert isinstance(begun, ConversationResponse)
    return begun.id


def test_waiting_gives_the_conversation_that_has_ended_and_places_no_call(client: AuthenticatedClient) -> None:
    identifier, placed = begin(client), len(calls)
    ended = get_conversation.wait_until_ended(identifier, client=client, pause=0)
    assert isinstance(ended, ConversationResponse)
    assert (ended.id, ended.status, ended.cost_breakdown is None) == (identifier, "ended", False)
    assert len(calls) == placed


def test_waiting_in_a_task_gives_the_same(client: AuthenticatedClient) -> None:
    identifier = begin(client)
    base_url = str(client.get_httpx_client().base_url)

    async def wait() -> object:
        async with AuthenticatedClient(base_url, token=TOKEN) as own:
            return await get_conversation.wait_until_ended_async(identifier, client=own, pause=0)

    ended = asyncio.run(wait())
    assert isinstance(ended, ConversationResponse)
    assert ended.status == "ended"


def test_a_refusal_ends_the_waiting(client: AuthenticatedClient) -> None:
    answer = get_conversation.wait_until_ended("unknown", client=client, pause=0)
    assert answer == ErrorResponse(detail="No such conversation")


def test_waiting_ends_in_time_though_the_conversation_goes_on() -> None:
    app = create_app(judge_with_token(TOKEN), queue, stay)
    with running(app) as url, AuthenticatedClient(url, token=TOKEN) as client:
        identifier = begin(client)
        with pytest.raises(TimeoutError, match=r"^status is still 'started' after 0 s; ask again later$"):
            get_conversation.wait_until_ended(identifier, client=client, timeout=0, pause=0)
