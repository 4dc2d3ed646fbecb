"""The conversations that the mock has begun. Each time one is read, it has come one state further."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from voiceos_models import (
    AgentCost,
    ConversationCost,
    EndedReason,
    LanguageModelCost,
    Message,
    MessageRole,
    TelephonyCost,
    TranscriberCost,
    TranscriberProvider,
    VoiceCost,
    VoiceProvider,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Conversation = dict[str, Any]
"""A conversation as JSON."""


class Conversations:
    """Keeps conversations by their ids, for as long as the mock runs."""

    def __init__(self) -> None:
        self._kept: dict[str, Conversation] = {}

    def keep(self, conversation: object) -> None:
        """Keeps a conversation as it was answered. One without an id cannot be found again."""
        if isinstance(conversation, dict) and "id" in conversation:
            self._kept[str(conversation["id"])] = conversation

    def read(self, identifier: str) -> Conversation | None:
        """The conversation with an id, one state further than the last time; None if there is none."""
        if (kept := self._kept.get(identifier)) is None:
            return None
        self._kept[identifier] = one_state_later(kept, datetime.now(UTC))
        return self._kept[identifier]


def one_state_later(conversation: Conversation, now: datetime) -> Conversation:
    """A conversation in its next state, which it reaches at a time. One that has ended stays as it is."""
    later = _LATER.get(str(conversation.get("status")))
    return conversation | later(now) if later else conversation


def start(now: datetime) -> Conversation:
    """The fields of a conversation that starts at a time."""
    return {"status": "started", "started_at": _spell(now), "messages": [each.model_dump(mode="json") for each in SAID]}


def end(now: datetime) -> Conversation:
    """The fields of a conversation that ends at a time."""
    return {
        "status": "ended",
        "ended_at": _spell(now),
        "ended_reason": EndedReason.user_ended.value,
        "cost_breakdown": COST.model_dump(mode="json"),
    }


def _spell(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


_LATER: Final[dict[str, Callable[[datetime], Conversation]]] = {"queued": start, "started": end}
SAID: Final = (
    Message(role=MessageRole.agent, content="Hello, this is the workshop."),
    Message(role=MessageRole.user, content="Good morning."),
)
"""The messages of every conversation."""
COST: Final = ConversationCost(
    total=0.05,
    voice=VoiceCost(provider=VoiceProvider.playht, cost=0.02, characters=28),
    transcriber=TranscriberCost(provider=TranscriberProvider.deepgram, cost=0.01, seconds=2.5),
    language_model=LanguageModelCost(provider="openai", cost=0.01, input_tokens=120, output_tokens=9),
    telephony=TelephonyCost(provider="twilio", cost=0, seconds=30),
    agent=AgentCost(provider="voiceos", cost=0.01, seconds=30),
)
"""The cost of every conversation."""
