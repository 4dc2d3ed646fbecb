"""The client: tolerant of a newer server, and safe with calls and tokens."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import pickle
import socket
import threading
import traceback
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
import voiceos_client.models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voiceos_client import AuthenticatedClient, Client
from voiceos_client.api.conversations import create_phone_call
from voiceos_client.errors import UnexpectedStatus
from voiceos_client.models import (
    AgentConfiguration,
    ConversationResponse,
    ConversationStatus,
    CreateCall,
    ElevenlabsVoice,
    ErrorResponse,
    HTTPValidationError,
    PlayhtVoice,
)
from voiceos_client.types import UNSET, Response, Undocumented, UndocumentedResponse

from scripts.instances import Instances
from scripts.sameness import is_same
from spec.reader import read_spec
from tests.conftest import ROOT, TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SPEC: Final = read_spec(ROOT / "spec" / "openapi.yaml")
RESPONSES: Final = Instances(SPEC).families("/components/schemas/ConversationResponse")
CALL: Final = CreateCall(from_number="+12025550142", to_number="+12025550143")
SECRET: Final = "s3cr3t-t0k3n"  # noqa: S105 - of no server
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
    assert isinstance(parsed, ConversationResponse)
    assert is_same(parsed.to_dict(), {**CONVERSATION, **changes})
    return parsed


# --------------------------------------------------------------------------------------------------------- tolerance


def test_a_documented_member_is_documented() -> None:
    status = conversation(status="ended").status
    assert status is ConversationStatus.ENDED
    assert status.is_documented


def test_an_undocumented_member_is_kept_typed_and_told_apart() -> None:
    status = conversation(status="paused").status
    assert isinstance(status, ConversationStatus)
    assert (status, status.value, str(status), status.is_documented) == ("paused", "paused", "paused", False)
    assert status == ConversationStatus("paused")
    assert "paused" not in ConversationStatus.__members__
    assert [pickle.loads(pickle.dumps(status)), copy.deepcopy(status)] == [status, status]  # noqa: S301 - our own


def test_an_undocumented_name_is_a_string_where_the_contract_allows_any() -> None:
    voices = [{"provider": "playht", "model": name} for name in ("susan", "new")]
    models = [conversation(agent_config={"voice": voice}).agent_config.voice for voice in voices]
    assert [type(voice.model).__name__ for voice in models if isinstance(voice, PlayhtVoice)] == [
        "PlayhtVoiceModel",
        "str",
    ]


@pytest.mark.parametrize(
    "voice", [{"provider": "newco", "pitch": [1]}, {"provider": 5}, {"model": "susan"}, "alloy", [], 5, True]
)
def test_an_unknown_provider_branch_is_kept_and_told_apart(voice: object) -> None:
    assert conversation(agent_config={"voice": voice}).agent_config.voice == Undocumented(voice)


def test_a_known_provider_with_unknown_content_is_kept_and_told_apart() -> None:
    voice = {"provider": "playht", "speed": "fast"}
    assert conversation(agent_config={"voice": voice}).agent_config.voice == Undocumented(voice)


def test_an_undocumented_branch_can_be_sent() -> None:
    voice = Undocumented({"provider": "newco"})
    assert AgentConfiguration(voice=voice).to_dict() == {"voice": {"provider": "newco"}}


def test_another_provider_of_a_single_one_is_told_by_its_name() -> None:
    model = conversation(
        agent_config={"language_model": {"provider": "newco", "model": "x"}}
    ).agent_config.language_model
    assert model
    assert (model.provider.value, model.provider.is_documented, model.model) == ("newco", False, "x")


def test_unknown_fields_are_kept_at_every_depth() -> None:
    parsed = conversation(
        new={"a": [None]},
        agent_config={"new": 1, "voice": {"provider": "rime", "new": [2]}},
        messages=[{"role": "agent", "content": "Hello", "new": 3}],
    )
    assert parsed["new"] == {"a": [None]}
    assert parsed.agent_config["new"] == 1
    assert parsed.messages
    assert parsed.messages[0]["new"] == 3


def test_absent_and_null_stay_apart() -> None:
    parsed = conversation(agent_id=None)
    assert (parsed.agent_id, parsed.phone_call) == (None, UNSET)


@pytest.mark.parametrize("status", [200, 201, 204, 301, 400, 404, 418, 429, 500, 503, 520, 599, 600, 999])
@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b'{"detail": "no"}', b"\xff\xfe", b"null"])
def test_no_status_is_too_odd(status: int, body: bytes) -> None:
    response = answered(status, body)
    assert response.status_code == status
    assert isinstance(response.parsed, UndocumentedResponse)
    assert (response.parsed.status_code, response.parsed.content) == (status, body)
    assert response.parsed.reason


OFF_THE_CONTRACT: Final = {
    "nothing": b"",
    "HTML": b"<html>",
    "another encoding": b"\xff\xfe\x00",
    "half of it": b'{"detail": ',
    "null": b"null",
    "an array": b"[]",
    "a string": b'"no"',
    "NaN": b'{"detail": NaN}',
    "another type": b'{"detail": 5}',
    "an object within": b'{"detail": {"msg": "no"}}',
    "a null within": b'{"detail": null}',
    "an endless nesting": b"[" * 100_000,
    "a number without end": b'{"detail": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("status", [200, 401, 403, 422])
@pytest.mark.parametrize("body", OFF_THE_CONTRACT.values(), ids=OFF_THE_CONTRACT)
def test_a_body_off_the_contract_is_kept_and_told_apart(status: int, body: bytes) -> None:
    parsed = answered(status, body).parsed
    assert isinstance(parsed, UndocumentedResponse)
    assert (parsed.status_code, parsed.content) == (status, body)


def test_what_is_missing_is_named() -> None:
    parsed = answered(200, b"{}").parsed
    assert isinstance(parsed, UndocumentedResponse)
    assert parsed.reason == "the field 'uri' is missing"
    assert parsed.json() == {}


def test_the_body_of_an_undocumented_response_can_be_read() -> None:
    parsed = answered(520, "é".encode("latin-1")).parsed
    assert parsed.text == "�"
    with pytest.raises(ValueError, match="utf-8"):
        parsed.json()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b'{"detail": "no", "new": 1}', ErrorResponse),
        (422, b'{"detail": [{"loc": ["a", 1], "msg": "m", "type": "t", "new": 1}]}', HTTPValidationError),
        (422, b"{}", HTTPValidationError),
    ],
)
def test_documented_errors_are_typed(status: int, body: bytes, kind: type) -> None:
    parsed = answered(status, body).parsed
    assert isinstance(parsed, ErrorResponse | HTTPValidationError)
    assert type(parsed) is kind
    assert parsed.to_dict() == json.loads(body)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(RESPONSES, st.sampled_from([200, 401, 403, 422, 500, 520]))
def test_no_json_is_too_odd(family: list[Any], status: int) -> None:
    for body in family:
        parsed = answered(status, json.dumps(body).encode()).parsed
        assert is_same(parsed.json() if isinstance(parsed, UndocumentedResponse) else parsed.to_dict(), body)


@settings(max_examples=100, deadline=None)
@given(st.binary(), st.integers(200, 999))
def test_no_bytes_are_too_odd(body: bytes, status: int) -> None:
    assert answered(status, body).content == body


def test_an_undocumented_status_raises_only_if_asked_to() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(520, content=SECRET.encode()))
    client = AuthenticatedClient(
        "http://server", raise_on_unexpected_status=True, httpx_args={"transport": transport}, token=TOKEN
    )
    with pytest.raises(UnexpectedStatus, match="520") as raised:
        create_phone_call.sync(client=client, body=CALL)
    assert raised.value.content == SECRET.encode()
    assert SECRET not in str(raised.value)


# --------------------------------------------------------------------------------------------------------- date-times


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-31T09:30:00Z", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        ("2026-01-31t09:30:00.5z", datetime(2026, 1, 31, 9, 30, 0, 500_000, tzinfo=UTC)),
        ("2026-01-31T09:30:00.123456789+05:30", datetime(2026, 1, 31, 4, 0, 0, 123_456, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_a_date_time_keeps_its_instant_its_offset_and_its_text(text: str, instant: datetime) -> None:
    started = conversation(started_at=text).started_at
    assert isinstance(started, datetime)
    assert started == instant
    for same in (copy.deepcopy(started), pickle.loads(pickle.dumps(started))):  # noqa: S301 - our own
        assert (same, same.isoformat()) == (instant, text)
    later = started + timedelta(seconds=1)
    assert later.isoformat() != text
    assert (later, later.utcoffset()) == (instant + timedelta(seconds=1), started.utcoffset())


def test_a_date_time_that_python_cannot_hold_is_kept_and_told_apart() -> None:
    body = json.dumps({**CONVERSATION, "started_at": "0000-01-01T00:00:00Z"}).encode()
    parsed = answered(200, body).parsed
    assert isinstance(parsed, UndocumentedResponse)
    assert (parsed.content, parsed.reason) == (body, "the body is not as documented: year 0 is out of range")


def test_a_date_time_without_an_offset_is_not_sent() -> None:
    parsed = conversation()
    parsed.started_at = datetime(2026, 1, 31)  # noqa: DTZ001 - what the test is about
    with pytest.raises(ValueError, match="offset"):
        parsed.to_dict()


# ------------------------------------------------------------------------------------------------------------ safety


class Server:
    """A server on a free port that counts connections and requests, and answers as it is told."""

    def __init__(self, answer: Callable[[], bytes | None]) -> None:
        self.answer = answer
        self.connections = 0
        self.requests: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.done = threading.Event()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            while head := b"".join(iter(stream.readline, b"\r\n")) if stream.peek(1) else b"":
                (length,) = (
                    int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-length")
                )
                self.requests.append(head + stream.read(length))
                answer = self.answer()
                if answer is None:
                    return
                connection.sendall(answer)


@contextmanager
def serving(answer: Callable[[], bytes | None]) -> Iterator[Server]:
    server = Server(answer)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.done.set()
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join(10)


def held(released: threading.Event) -> None:
    """No answer, until the test lets go."""
    released.wait(30)


def http(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        status,
        len(body),
        body,
    )


def call(client: AuthenticatedClient, *, by_async: bool) -> object:
    if not by_async:
        with client:
            return create_phone_call.sync(client=client, body=CALL)

    async def call_once() -> object:
        async with client:
            return await create_phone_call.asyncio(client=client, body=CALL)

    return asyncio.run(call_once())


@pytest.mark.parametrize("by_async", [False, True])
@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520, 307, 308])
def test_a_post_is_not_repeated_after_an_answer(status: int, *, by_async: bool) -> None:
    with serving(lambda: http(status, b"{}")) as server:
        call(AuthenticatedClient(server.url, token=TOKEN), by_async=by_async)
        assert len(server.requests) == 1


@pytest.mark.parametrize("by_async", [False, True])
def test_a_post_is_not_repeated_when_the_connection_breaks(*, by_async: bool) -> None:
    with serving(lambda: None) as server:
        with pytest.raises(httpx.RemoteProtocolError):
            call(AuthenticatedClient(server.url, token=TOKEN), by_async=by_async)
        assert len(server.requests) == 1


@pytest.mark.parametrize("by_async", [False, True])
def test_a_post_is_not_repeated_after_a_timeout(*, by_async: bool) -> None:
    released = threading.Event()
    with serving(lambda: held(released)) as server:
        with pytest.raises(httpx.ReadTimeout):
            call(AuthenticatedClient(server.url, token=TOKEN, timeout=httpx.Timeout(0.2)), by_async=by_async)
        assert len(server.requests) == 1
        released.set()


def test_there_are_timeouts_by_default() -> None:
    client = AuthenticatedClient("http://server", token=TOKEN)
    limits = {"connect": 5, "read": 30, "write": 30, "pool": 30}
    assert client.get_httpx_client().timeout.as_dict() == limits
    assert client.get_async_httpx_client().timeout.as_dict() == limits
    assert Client("http://server").get_httpx_client().timeout.as_dict() == limits


@pytest.mark.parametrize("by_async", [False, True])
def test_a_connection_is_used_again(*, by_async: bool) -> None:
    async def call_twice(client: AuthenticatedClient) -> None:
        async with client:
            for _ in range(3):
                await create_phone_call.asyncio(client=client, body=CALL)

    with serving(lambda: http(200, json.dumps(CONVERSATION).encode())) as server:
        client = AuthenticatedClient(server.url, token=TOKEN)
        if by_async:
            asyncio.run(call_twice(client))
        else:
            with client:
                for _ in range(3):
                    create_phone_call.sync(client=client, body=CALL)
        assert (len(server.requests), server.connections) == (3, 1)


def test_a_client_is_closed_when_its_block_ends() -> None:
    with AuthenticatedClient("http://server", token=TOKEN) as client:
        inner = client.get_httpx_client()
    assert inner.is_closed


@pytest.mark.parametrize("by_async", [False, True])
def test_the_token_is_sent_and_shown_nowhere(caplog: pytest.LogCaptureFixture, *, by_async: bool) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(lambda: http(401, b'{"detail": "Invalid token"}')) as server:
        client = AuthenticatedClient(server.url, token=SECRET, headers={"X-Other": SECRET}, cookies={"other": SECRET})
        answer = call(client, by_async=by_async)
        assert f"Bearer {SECRET}".encode() in server.requests[0]
    assert SECRET not in repr([client, answer, client.with_headers({"a": "b"}), client.with_timeout(httpx.Timeout(1))])
    assert "httpcore" in caplog.text
    assert SECRET not in caplog.text


def test_the_token_is_not_in_an_exception() -> None:
    with serving(lambda: None) as server, pytest.raises(httpx.HTTPError) as raised:
        create_phone_call.sync(client=AuthenticatedClient(server.url, token=SECRET), body=CALL)
    shown = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    library = [frame for frame in shown.stack if "voiceos_client" in frame.filename]
    assert library
    assert SECRET not in "".join(shown.format_exception_only())
    assert SECRET not in str([frame.locals for frame in library])


@pytest.mark.parametrize("token", ["", f"{SECRET}\n", f"{SECRET} ", f"{SECRET}é", f"a {SECRET}", f"{SECRET}\x00"])
def test_a_token_that_cannot_be_sent_is_refused_without_being_named(token: str) -> None:
    with pytest.raises(ValueError, match="cannot be sent") as raised:
        AuthenticatedClient("http://server", token=token)
    assert SECRET not in str(raised.value)


def test_the_environment_gives_base_url_and_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEOS_BASE_URL", "http://from-environment")
    monkeypatch.setenv("VOICEOS_TOKEN", "from-environment")
    client = AuthenticatedClient()
    assert (client.token, str(client.get_httpx_client().base_url)) == ("from-environment", "http://from-environment")
    told = AuthenticatedClient("http://argument", token="argument")
    assert (told.token, str(told.get_httpx_client().base_url)) == ("argument", "http://argument")


def test_without_either_the_contracts_server_is_called_and_a_token_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("VOICEOS_BASE_URL", raising=False)
    monkeypatch.delenv("VOICEOS_TOKEN", raising=False)
    client = AuthenticatedClient(token=TOKEN)
    assert str(client.get_httpx_client().base_url) == SPEC.document["servers"][0]["url"]
    with pytest.raises(ValueError, match="VOICEOS_TOKEN"):
        AuthenticatedClient()


# ----------------------------------------------------------------------------------------------------------- reading


def test_what_is_not_set_is_not_sent() -> None:
    assert CALL.to_dict() == {"from_number": "+12025550142", "to_number": "+12025550143"}
    assert AgentConfiguration(voice=PlayhtVoice()).to_dict() == {"voice": {"provider": "playht"}}


def test_null_can_be_sent() -> None:
    configuration = AgentConfiguration(max_duration_seconds=None, voice=PlayhtVoice(credential_id=None))
    assert configuration.to_dict() == {
        "max_duration_seconds": None,
        "voice": {"provider": "playht", "credential_id": None},
    }


@pytest.mark.parametrize("name", voiceos_client.models.__all__)
def test_a_class_says_what_it_and_its_fields_mean_and_their_defaults(name: str) -> None:
    told = " ".join((getattr(voiceos_client.models, name).__doc__ or "").split())
    schema = SPEC.document["components"]["schemas"].get(name, {})
    meant = [] if "enum" in schema else [schema.get("description", "")]
    for field in schema.get("properties", {}).values():
        meant.append(field["description"])
        if field.get("default") is not None and not isinstance(field["default"], str):
            meant.append(f"Default: {field['default']!r}.")
    assert told
    assert [text for text in meant if " ".join(text.split()) not in told] == []


def test_a_default_that_is_a_member_is_told_as_one() -> None:
    told = " ".join((ElevenlabsVoice.__doc__ or "").split())
    assert "Default: ElevenlabsModelId.ELEVEN_TURBO_V2." in told
