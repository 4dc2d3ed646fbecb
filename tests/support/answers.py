"""What the client makes of an answer, for the tests of the client."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import httpx
from voiceos_client import AuthenticatedClient
from voiceos_client.api.conversations import create_phone_call
from voiceos_client.models import ConversationResponse, CreateCall

from scripts.fidelity.sameness import is_same
from tests.conftest import TOKEN

if TYPE_CHECKING:
    from voiceos_client.types import Response

CALL: Final = CreateCall(from_number="+12025550142", to_number="+12025550143")
CONVERSATION: Final[dict[str, Any]] = {
    "uri": "/conversations/1",
    "type": "outbound_phone_call",
    "account_id": "a",
    "status": "queued",
    "agent_config": {},
    "id": "1",
}


def answered(status: int, body: bytes, **headers: str) -> Response[Any]:
    """What the client makes of a response."""
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body, headers=headers))
    with AuthenticatedClient(base_url="http://server", token=TOKEN, httpx_args={"transport": transport}) as client:
        return create_phone_call.sync_detailed(client=client, body=CALL)


def conversation(**changes: object) -> ConversationResponse:
    """The conversation that a response with these changes is read as."""
    parsed = answered(200, json.dumps({**CONVERSATION, **changes}).encode()).parsed
    assert isinstance(parsed, ConversationResponse)  # noqa: S101 - of tests
    assert is_same(parsed.to_dict(), {**CONVERSATION, **changes})  # noqa: S101 - the same
    return parsed
