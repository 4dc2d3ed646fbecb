"""The client takes whatever a newer server, or a broken one, answers."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from voiceos_client import AuthenticatedClient
from voiceos_client.api.conversations import create_phone_call
from voiceos_client.errors import UnexpectedStatus
from voiceos_client.models import (
    AgentConfiguration,
    ConversationStatus,
    ErrorResponse,
    HTTPValidationError,
    PlayhtVoice,
)
from voiceos_client.types import UNSET, Undocumented, UndocumentedResponse

from scripts.fidelity.instances import Instances
from scripts.fidelity.sameness import is_same
from spec.reader import read_spec
from tests.support.answers import CALL, CONVERSATION, answered, conversation
from tests.conftest import ROOT, TOKEN

SPEC: Final = read_spec(ROOT / "spec" / "openapi.yaml")
RESPONSES: Final = Instances(SPEC).families("/components/schemas/ConversationResponse")
SECRET: Final = "s3cr3t-t0k3n"  # noqa: S105 - of no server


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


@pytest.mark.slow
@settings(suppress_health_check=list(HealthCheck))
@given(RESPONSES, st.sampled_from([200, 401, 403, 422, 500, 520]))
def test_no_json_is_too_odd(family: list[Any], status: int) -> None:
    for body in family:
        parsed = answered(status, json.dumps(body).encode()).parsed
        assert is_same(parsed.json() if isinstance(parsed, UndocumentedResponse) else parsed.to_dict(), body)


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


def test_a_date_time_of_the_year_0_counts_as_its_end_and_keeps_its_text() -> None:
    parsed = conversation(started_at="0000-02-29T09:30:00-08:00")
    assert parsed.started_at == datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=-8)))
    assert parsed.to_dict()["started_at"] == "0000-02-29T09:30:00-08:00"


def test_a_date_time_without_an_offset_is_not_sent() -> None:
    parsed = conversation()
    parsed.started_at = datetime(2026, 1, 31)  # noqa: DTZ001 - what the test is about
    with pytest.raises(ValueError, match="offset"):
        parsed.to_dict()
