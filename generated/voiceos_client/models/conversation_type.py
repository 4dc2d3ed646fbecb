from ..types import OpenStrEnum


class ConversationType(OpenStrEnum):
    """The ways that a conversation comes about."""

    INBOUND_PHONE_CALL = "inbound_phone_call"
    OUTBOUND_PHONE_CALL = "outbound_phone_call"
    WEB_CALL = "web_call"
