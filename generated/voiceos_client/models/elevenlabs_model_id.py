from ..types import OpenStrEnum


class ElevenlabsModelId(OpenStrEnum):
    """The speech models of ElevenLabs."""

    ELEVEN_MONOLINGUAL_V1 = "eleven_monolingual_v1"
    ELEVEN_MULTILINGUAL_V2 = "eleven_multilingual_v2"
    ELEVEN_TURBO_V2 = "eleven_turbo_v2"
