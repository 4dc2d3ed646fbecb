"""The client's classes read well: what they send, and what they say of themselves."""

from __future__ import annotations

from typing import Final

import pytest
import voiceos_client.models
from voiceos_client.models import (
    AgentConfiguration,
    ElevenlabsVoice,
    PlayhtVoice,
)

from spec.reader import read_spec
from tests.support.answers import CALL
from tests.conftest import ROOT

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
