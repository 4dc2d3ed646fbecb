"""The client's classes read well: what they send, and what they say of themselves."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Final

import pytest
import voiceos_client.models
from voiceos_client.api.conversations import create_phone_call
from voiceos_client.models import (
    AgentConfiguration,
    ElevenlabsVoice,
    EventName,
    PlayhtVoice,
    Webhook,
    WebhookMethod,
)

from spec.reader import read_spec
from tests.support.answers import CALL
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

SPEC: Final = read_spec(ROOT / "spec" / "openapi.yaml")


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


def test_a_plain_string_stands_for_a_member_and_a_dict_for_a_free_map() -> None:
    hook = Webhook(events=["conversation:ended"], url="a", method="GET", headers={"a": "b"})  # type: ignore[list-item, arg-type]
    sent = {"events": ["conversation:ended"], "url": "a", "method": "GET", "headers": {"a": "b"}}
    assert hook.to_dict() == sent
    assert hook == Webhook(events=[EventName.CONVERSATION_ENDED], url="a", method=WebhookMethod.GET, headers={"a": "b"})  # type: ignore[arg-type]


@pytest.mark.parametrize("function", [create_phone_call.sync, create_phone_call.asyncio])
def test_a_docstring_names_every_return(function: Callable[..., object]) -> None:
    returned = str(inspect.signature(function, eval_str=False).return_annotation)
    names = set(re.findall(r"\w+(?=[\'>]| \||$)", returned.replace("'", "")))
    said = (function.__doc__ or "").rpartition("Returns:")[2]
    assert {"ConversationResponse", "UndocumentedResponse"} <= names
    assert names <= set(re.findall(r"\w+", said))
