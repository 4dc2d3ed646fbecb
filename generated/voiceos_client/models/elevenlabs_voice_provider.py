from ..types import OpenStrEnum


class ElevenlabsVoiceProvider(OpenStrEnum):
    """Always `elevenlabs`."""

    ELEVENLABS = "elevenlabs"
