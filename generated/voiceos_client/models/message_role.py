from ..types import OpenStrEnum


class MessageRole(OpenStrEnum):
    """Who speaks in a conversation."""

    AGENT = "agent"
    USER = "user"
