from ..types import OpenStrEnum


class EventName(OpenStrEnum):
    """Something that happens to a call or a conversation."""

    CONVERSATIONDURATION = "conversation:duration"
    CONVERSATIONENDED = "conversation:ended"
    CONVERSATIONSTARTED = "conversation:started"
    FUNCTION_CALLTRIGGERED = "function_call:triggered"
    MESSAGEGENERATED = "message:generated"
    MESSAGESENT = "message:sent"
    PHONE_CALLACCEPTED = "phone_call:accepted"
    PHONE_CALLCONNECTION_REQUESTED = "phone_call:connection_requested"
    PHONE_CALLREJECTED = "phone_call:rejected"
    SPEECHENDED = "speech:ended"
    SPEECHSTARTED = "speech:started"
