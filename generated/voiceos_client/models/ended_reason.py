from ..types import OpenStrEnum


class EndedReason(OpenStrEnum):
    """The reasons for which a conversation ends."""

    AGENT_ENDED = "agent_ended"
    UNKNOWN = "unknown"
    USER_ENDED = "user_ended"
