"""Reminders ring the right number, and never twice."""

import pytest
from reminders import MayHaveBeenPlacedError, remind
from voiceos_client import AuthenticatedClient


def test_a_reminder_rings_the_customer(voiceos_mock):
    with AuthenticatedClient() as client:
        assert remind(client, "+12025550143")
    (call,) = voiceos_mock.calls
    assert call.to_number == "+12025550143"


def test_a_reminder_is_not_repeated_after_a_crash_of_the_server(voiceos_mock):
    voiceos_mock.fail(500)
    with AuthenticatedClient() as client, pytest.raises(MayHaveBeenPlacedError):
        remind(client, "+12025550143")
    assert len(voiceos_mock.calls) == 1
