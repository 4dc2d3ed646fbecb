from ..types import OpenStrEnum


class PlayhtVoiceProvider(OpenStrEnum):
    """Always `playht`."""

    PLAYHT = "playht"
