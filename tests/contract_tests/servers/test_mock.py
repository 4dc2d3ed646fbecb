"""The mock does what a conforming server is documented to do."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from voiceos_client import AuthenticatedClient
from voiceos_client.api.conversations import create_phone_call
from voiceos_client.models import ConversationResponse, CreateCall, HTTPValidationError

from contract_tests.exchange.strict_json import MAX_DEPTH, parse_json
from contract_tests.servers.mock import MAX_BODY, PATH
from tests.conftest import ROOT, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract

BODY = {"from_number": "+12025550142", "to_number": "+12025550143"}
SAMPLE = (ROOT / "spec" / "samples" / "create_phone_call.request.json").read_text()
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


@pytest.fixture
def client(mock_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=mock_url, headers=HEADERS) as client:
        yield client


def post(client: httpx.Client, body: object) -> httpx.Response:
    return client.post(PATH, content=json.dumps(body))


def test_accepts_the_docs_pages_body(client: httpx.Client, contract: Contract) -> None:
    response = client.post(PATH, content=SAMPLE)
    assert response.status_code == 200
    contract.validator("/components/schemas/ConversationResponse").validate(response.json())


def test_the_clients_call_returns_a_typed_conversation(mock_url: str) -> None:
    body = CreateCall.from_dict(json.loads(SAMPLE))
    with AuthenticatedClient(base_url=mock_url, token=TOKEN) as client:
        conversation = create_phone_call.sync(client=client, body=body)
    assert isinstance(conversation, ConversationResponse)
    assert conversation.agent_id == "<string>"


def test_the_clients_refused_call_returns_the_errors(mock_url: str) -> None:
    body = CreateCall.from_dict({**BODY, "agent_config": {"language_model": {"provider": "openai", "temperature": 3}}})
    with AuthenticatedClient(base_url=mock_url, token=TOKEN) as client:
        errors = create_phone_call.sync(client=client, body=body)
    assert isinstance(errors, HTTPValidationError)


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ({}, 403),
        ({"Authorization": ""}, 403),
        ({"Authorization": "Bearer"}, 403),
        ({"Authorization": f"Basic {TOKEN}"}, 403),
        ({"Authorization": TOKEN}, 403),
        ({"Authorization": f"Bearer {TOKEN}x"}, 401),
        ({"Authorization": f"Bearer {TOKEN[:-1]}"}, 401),
        ({"Authorization": f"Bearer {TOKEN.upper()}"}, 401),
        ({"Authorization": f"bearer {TOKEN}"}, 200),
    ],
)
def test_takes_the_whole_token_and_no_other(
    mock_url: str, contract: Contract, authorization: dict[str, str], status: int
) -> None:
    response = httpx.post(f"{mock_url}{PATH}", json=BODY, headers=authorization)
    assert response.status_code == status
    if status != 200:
        contract.validator("/components/schemas/ErrorResponse").validate(response.json())


def test_refuses_two_authorization_headers(mock_url: str) -> None:
    headers = [("Authorization", f"Bearer {TOKEN}"), ("Authorization", f"Bearer {TOKEN}")]
    assert httpx.post(f"{mock_url}{PATH}", json=BODY, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"from_number": "a", "to_number": "b",}',
        b'{"from_number": "a", "to_number": NaN}',
        b'{"from_number": "a", "to_number": "b", "new": 1e999}',
        b'{"from_number": "a", "to_number": "\xff"}',
        b'{"from_number": "a", "to_number": "\\ud800"}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"from_number": "a", "to_number": "b", "new": ' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}",
        b'{"from_number": "a", "to_number": "' + b"b" * MAX_BODY + b'"}',
        b'{"from_number": "a", "to_number": 5}',
        b"null",
    ],
    ids=lambda body: body[:45].decode("latin-1"),
)
def test_says_in_the_documented_shape_what_is_wrong_with_a_body(
    client: httpx.Client, contract: Contract, body: bytes
) -> None:
    response = client.post(PATH, content=body)
    assert response.status_code == 422
    assert response.json()["detail"]
    contract.validator("/components/schemas/HTTPValidationError").validate(response.json())


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/a+json", ""])
def test_refuses_a_valid_body_of_another_media_type(client: httpx.Client, media_type: str) -> None:
    response = client.post(PATH, content=json.dumps(BODY), headers={"Content-Type": media_type})
    assert response.status_code == 422


def test_names_its_method_to_any_other(client: httpx.Client) -> None:
    response = client.put(PATH)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_fills_in_defaults_of_the_configuration_used(client: httpx.Client) -> None:
    used = post(client, {**BODY, "agent_config": {"voice": {"provider": "rime"}}}).json()["agent_config"]
    assert used["max_duration_seconds"] == 600
    assert used["voice"] == {"provider": "rime", "credential_id": None, "speed_alpha": 1.0, "reduce_latency": False}


def test_keeps_what_the_request_set(client: httpx.Client) -> None:
    configuration = {"max_duration_seconds": None, "prompt": "é", "metadata": {"a": "b"}, "unknown": [1]}
    used = post(client, {**BODY, "agent_config": configuration}).json()["agent_config"]
    assert {key: used[key] for key in configuration} == configuration


def test_gives_null_for_an_agent_that_is_not_stored(client: httpx.Client) -> None:
    assert post(client, BODY).json()["agent_id"] is None


def test_every_call_has_an_id_of_its_own(client: httpx.Client) -> None:
    assert len({post(client, BODY).json()["id"] for _ in range(20)}) == 20


def test_shows_every_state_of_a_conversation(client: httpx.Client) -> None:
    answers = [post(client, {**BODY, "agent_id": str(number)}).json() for number in range(30)]
    assert {answer["status"] for answer in answers} == {"queued", "started", "ended"}
    for answer in answers:
        assert (answer["ended_at"] is not None) == (answer["status"] == "ended")


def test_serves_hundreds_of_requests_at_once(mock_url: str) -> None:
    host, port = urlsplit(mock_url).hostname, urlsplit(mock_url).port
    body = json.dumps(BODY).encode()
    fields = {**HEADERS, "Host": "mock", "Content-Length": str(len(body)), "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    request = f"POST {PATH} HTTP/1.1\r\n{head}\r\n".encode() + body

    async def call() -> bytes:
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return answer.partition(b"\r\n")[0]

    async def call_all() -> list[bytes]:
        return await asyncio.gather(*(call() for _ in range(300)))

    assert asyncio.run(call_all()) == [b"HTTP/1.1 200 OK"] * 300


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.slow
@given(json_values)
def test_parses_what_json_writes(value: object) -> None:
    assert parse_json(json.dumps(value).encode()) == value
