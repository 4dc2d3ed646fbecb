"""The life of a call: it is queued, it starts when it is answered, it ends. All of it follows from when it began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from voiceos_models import EndedReason, EventName, LanguageModel

from contract_tests.servers.conversations import end, start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voiceos_models import CreateCall


class Event(NamedTuple):
    """An event of a call's life."""

    at: float
    """Unix time, in seconds."""
    name: EventName


@dataclass(frozen=True)
class Pace:
    """How long a call rings and how long the two then talk, in seconds. 0 is at once."""

    ring: float = 2.0
    talk: float = 10.0


class Life(NamedTuple):
    """When a call begins, is answered and ends, as Unix times in seconds."""

    begun: float
    answered: float | None
    """None if it ends before it is answered."""
    ended: float
    ended_reason: str

    def status(self, now: float) -> str:
        """The state at a time: `queued`, `started` or `ended`."""
        if now >= self.ended:
            return "ended"
        return "started" if self.answered is not None and now >= self.answered else "queued"

    def moment(self, status: str) -> float:
        """The first time at which the call has a state, or at which it has gone past it."""
        times = {"queued": self.begun, "started": self.ended if self.answered is None else self.answered}
        return times.get(status, self.ended)


def plan_life(call: CreateCall, begun: float, pace: Pace) -> tuple[Life, tuple[Event, ...]]:
    """The life of a call, and its events in order, as the request and its hooks have it.

    A request without a configuration has nobody who could hear of events, and gets none.
    """
    talk, reason = _talk(call, pace)
    planned = Life(begun, begun + pace.ring, begun + pace.ring + talk, reason)
    if call.agent_config is None:
        return planned, ()
    events = tuple(_events(call, planned, is_cut_short=talk < pace.talk))
    hang_up_on = _hang_up_on(call)
    hung_up = next((index for index, event in enumerate(events) if event.name in hang_up_on), len(events))
    return (planned, events) if hung_up >= len(events) - 1 else _cut(planned, events[: hung_up + 1])


def _cut(planned: Life, events: tuple[Event, ...]) -> tuple[Life, tuple[Event, ...]]:
    """A life that ends with these events."""
    last = events[-1].at
    was_answered = any(event.name is EventName.conversation_started for event in events)
    life = Life(planned.begun, planned.answered if was_answered else None, last, EndedReason.agent_ended.value)
    return life, (*events, Event(last, EventName.conversation_ended))


def in_state(conversation: dict[str, Any], life: Life, status: str) -> dict[str, Any]:
    """The conversation as it is in a state of its life. `conversation` is as it began."""
    started = {} if status == "queued" or life.answered is None else start(_instant(life.answered))
    ended = end(_instant(life.ended)) | {"ended_reason": life.ended_reason} if status == "ended" else {}
    return conversation | started | ended


def _talk(call: CreateCall, pace: Pace) -> tuple[float, str]:
    """How long the two talk, in seconds, and why they stop."""
    limit = call.agent_config.max_duration_seconds if call.agent_config else None
    if limit is not None and 0 <= limit < pace.talk:
        return float(limit), EndedReason.agent_ended.value
    return pace.talk, EndedReason.user_ended.value


def _events(call: CreateCall, life: Life, *, is_cut_short: bool) -> Iterator[Event]:
    """The events of a call that nobody hangs up. The other side answers at once, and never rejects the call."""
    yield Event(life.begun, EventName.phone_call_connection_requested)
    answered = life.ended if life.answered is None else life.answered
    for name in _AT_START:
        yield Event(answered, name)
    if _has_tools(call):
        yield Event(answered, EventName.function_call_triggered)
    if is_cut_short:
        yield Event(life.ended, EventName.conversation_duration)
    yield Event(life.ended, EventName.conversation_ended)


def _hang_up_on(call: CreateCall) -> set[EventName]:
    """The events at which a hook hangs up."""
    hooks = call.agent_config.hooks if call.agent_config else None
    listed = hooks if isinstance(hooks, list) else []
    return {event for hook in listed if hook.instructions for event in hook.events}  # hang_up is all that a hook does


def _has_tools(call: CreateCall) -> bool:
    model = call.agent_config.language_model if call.agent_config else None
    return isinstance(model, LanguageModel) and isinstance(model.tools, list) and bool(model.tools)


def _instant(time: float) -> datetime:
    return datetime.fromtimestamp(time, UTC)


_AT_START: Final = (
    EventName.phone_call_accepted,
    EventName.conversation_started,
    EventName.message_generated,
    EventName.speech_started,
    EventName.message_sent,
    EventName.speech_ended,
)
