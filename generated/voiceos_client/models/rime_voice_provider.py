from ..types import OpenStrEnum


class RimeVoiceProvider(OpenStrEnum):
    """Always `rime`."""

    RIME = "rime"
