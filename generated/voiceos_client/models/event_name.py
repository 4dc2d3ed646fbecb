from ..types import OpenStrEnum


class EventName(OpenStrEnum):
    """Something that happens to a call or a conversation."""

    CONVERSATION_DURATION = "conversation:duration"
    CONVERSATION_ENDED = "conversation:ended"
    CONVERSATION_STARTED = "conversation:started"
    FUNCTION_CALL_TRIGGERED = "function_call:triggered"
    MESSAGE_GENERATED = "message:generated"
    MESSAGE_SENT = "message:sent"
    PHONE_CALL_ACCEPTED = "phone_call:accepted"
    PHONE_CALL_CONNECTION_REQUESTED = "phone_call:connection_requested"
    PHONE_CALL_REJECTED = "phone_call:rejected"
    SPEECH_ENDED = "speech:ended"
    SPEECH_STARTED = "speech:started"
