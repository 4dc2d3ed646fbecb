"""What the client sends arrives, and what a server answers is read, whole: over a real connection."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from voiceos_client import AuthenticatedClient
from voiceos_client.api.conversations import create_phone_call
from voiceos_client.models import ConversationResponse, CreateCall
from voiceos_models import CreateCall as CallModel

from contract_tests.contract.contract import read_contract
from contract_tests.servers.answer import Answer
from contract_tests.servers.mock import ReceivedRequest, create_app, judge_with_token
from contract_tests.runtime.serving import running
from contract_tests.exchange.strict_json import parse_json
from scripts.fidelity.instances import Instances
from scripts.fidelity.sameness import holds, is_same
from tests.conftest import ROOT, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRACT: Final = read_contract(ROOT / "spec" / "openapi.yaml")
INSTANCES: Final = Instances(CONTRACT.spec)
REQUEST: Final = "/components/schemas/CreateCall"
RESPONSE: Final = "/components/schemas/ConversationResponse"
FAMILIES: Final = settings(suppress_health_check=list(HealthCheck))


@dataclass
class Wire:
    """The mock, with its ears open: what it received last, and what it is to answer; None for what it would."""

    client: AuthenticatedClient
    received: list[bytes] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)


@contextmanager
def wire() -> Iterator[Wire]:
    conforming = judge_with_token(TOKEN)

    def judge(request: ReceivedRequest) -> CallModel | Answer:
        opened.received[:] = [request.body]
        judged = conforming(request)
        return Answer(200, opened.answers.pop()) if isinstance(judged, CallModel) and opened.answers else judged

    with running(create_app(judge)) as url, AuthenticatedClient(url, token=TOKEN) as client:
        opened = Wire(client)
        yield opened


def valid(pointer: str, family: list[Any]) -> list[Any]:
    return [one for one in family if CONTRACT.validator(pointer).is_valid(one)]


def test_every_valid_request_arrives_as_it_is_and_is_answered_with_its_configuration() -> None:
    with wire() as opened:

        @FAMILIES
        @given(INSTANCES.families(REQUEST))
        def send(family: list[Any]) -> None:
            for request in valid(REQUEST, family):
                answer = create_phone_call.sync(client=opened.client, body=CreateCall.from_dict(request))
                assert is_same(parse_json(opened.received[0]), request)
                assert isinstance(answer, ConversationResponse)
                assert holds(answer.agent_config.to_dict(), request.get("agent_config") or {})

        send()


@pytest.mark.slow
def test_every_valid_response_is_read_as_it_is() -> None:
    call = CreateCall(from_number="+12025550142", to_number="+12025550143")
    with wire() as opened:

        @FAMILIES
        @given(INSTANCES.families(RESPONSE))
        def receive(family: list[Any]) -> None:
            for response in valid(RESPONSE, family):
                opened.answers.append(response)
                answer = create_phone_call.sync(client=opened.client, body=call)
                assert isinstance(answer, ConversationResponse), answer
                assert is_same(answer.to_dict(), response)

        receive()
