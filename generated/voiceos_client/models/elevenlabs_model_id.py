from enum import StrEnum


class ElevenlabsModelId(StrEnum):
    ELEVEN_MONOLINGUAL_V1 = "eleven_monolingual_v1"
    ELEVEN_MULTILINGUAL_V2 = "eleven_multilingual_v2"
    ELEVEN_TURBO_V2 = "eleven_turbo_v2"

    def __str__(self) -> str:
        return str(self.value)
