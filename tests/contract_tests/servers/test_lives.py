"""The lives of calls: their states, their events, and how a hook ends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voiceos_models import ConversationStatus, CreateCall, EventName

from contract_tests.servers.lives import Pace, in_state, plan_life
from contract_tests.servers.mock import conversation

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

NUMBERS = {"from_number": "+12025550142", "to_number": "+12025550143"}
PACE = Pace(ring=2, talk=10)


def call(**configuration: object) -> CreateCall:
    return CreateCall.model_validate({**NUMBERS, "agent_config": configuration})


def hang_up_on(*events: str) -> CreateCall:
    return call(hooks=[{"events": events, "instructions": [{"instruction": "hang_up"}]}])


@pytest.mark.parametrize(
    ("seconds", "status"),
    [(0, "queued"), (1.9, "queued"), (2, "started"), (11.9, "started"), (12, "ended"), (99, "ended")],
)
def test_a_call_is_queued_then_started_then_ended(seconds: float, status: str) -> None:
    life, _ = plan_life(call(), 1000.0, PACE)
    assert life.status(1000.0 + seconds) == status


def test_a_call_that_takes_no_time_has_ended_at_once() -> None:
    life, _ = plan_life(call(), 1000.0, Pace(0, 0))
    assert life.status(1000.0) == "ended"


def test_its_events_come_in_order() -> None:
    _, events = plan_life(call(), 1000.0, PACE)
    assert [event.at for event in events] == sorted(event.at for event in events)
    names = [event.name.value for event in events]
    assert (names[0], names[-1]) == ("phone_call:connection_requested", "conversation:ended")
    assert names.index("phone_call:accepted") < names.index("conversation:started") < names.index("message:sent")


def test_tools_are_triggered_and_the_longest_duration_is_kept() -> None:
    tool = {
        "type": "function",
        "function": {"name": "a", "description": "b", "parameters": {"type": "object", "properties": {}}},
    }
    asked = call(language_model={"provider": "openai", "tools": [tool]}, max_duration_seconds=3)
    life, events = plan_life(asked, 1000.0, PACE)
    assert (life.ended, life.ended_reason) == (1005.0, "agent_ended")
    assert {EventName.function_call_triggered, EventName.conversation_duration} <= {event.name for event in events}


def test_a_hook_that_hangs_up_ends_the_call() -> None:
    life, events = plan_life(hang_up_on("message:sent"), 1000.0, PACE)
    assert (life.answered, life.ended, life.ended_reason) == (1002.0, 1002.0, "agent_ended")
    assert [event.name.value for event in events][-2:] == ["message:sent", "conversation:ended"]


def test_a_call_hung_up_before_it_is_answered_never_starts() -> None:
    life, events = plan_life(hang_up_on("phone_call:connection_requested"), 1000.0, PACE)
    assert (life.answered, life.ended) == (None, 1000.0)
    assert [event.name.value for event in events] == ["phone_call:connection_requested", "conversation:ended"]


def test_a_hook_on_the_end_changes_nothing() -> None:
    assert plan_life(hang_up_on("conversation:ended"), 1.0, PACE) == plan_life(call(), 1.0, PACE)


@given(
    events=st.lists(st.sampled_from(list(EventName))),
    pace=st.builds(Pace, st.floats(0, 100), st.floats(0, 1000)),
    limit=st.none() | st.integers(0, 600),
    status=st.sampled_from(["queued", "started", "ended"]),
)
def test_every_state_of_every_life_keeps_the_contract(
    contract: Contract, events: list[EventName], pace: Pace, limit: int | None, status: str
) -> None:
    hooks = [{"events": [each.value for each in events], "instructions": [{"instruction": "hang_up"}]}]
    asked = call(hooks=hooks, max_duration_seconds=limit)
    life, _ = plan_life(asked, 1000.0, pace)
    shown = in_state(conversation(asked, ConversationStatus.queued), life, life.status(life.moment(status)))
    contract.validator("/components/schemas/ConversationResponse").validate(shown)
    assert (shown["status"] == "ended") == (shown["ended_at"] is not None) == (shown["ended_reason"] is not None)
    assert all(text.endswith("Z") for text in (shown["started_at"], shown["ended_at"]) if text)
