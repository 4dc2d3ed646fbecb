from ..types import OpenStrEnum


class DeepgramVoiceProvider(OpenStrEnum):
    """Always `deepgram`."""

    DEEPGRAM = "deepgram"
