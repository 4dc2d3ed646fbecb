from enum import StrEnum


class ElevenlabsVoiceProvider(StrEnum):
    ELEVENLABS = "elevenlabs"

    def __str__(self) -> str:
        return str(self.value)
