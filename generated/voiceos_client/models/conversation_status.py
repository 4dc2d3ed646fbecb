from ..types import OpenStrEnum


class ConversationStatus(OpenStrEnum):
    """The states of a conversation."""

    ENDED = "ended"
    QUEUED = "queued"
    STARTED = "started"
