from ..types import OpenStrEnum


class DeepgramTranscriberProvider(OpenStrEnum):
    """Always `deepgram`."""

    DEEPGRAM = "deepgram"
