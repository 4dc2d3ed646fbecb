from ..types import OpenStrEnum


class VoiceProvider(OpenStrEnum):
    """The providers of voices."""

    AZURE = "azure"
    DEEPGRAM = "deepgram"
    ELEVENLABS = "elevenlabs"
    PLAYHT = "playht"
    RIME = "rime"
