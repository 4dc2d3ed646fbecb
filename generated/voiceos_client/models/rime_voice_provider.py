from enum import StrEnum


class RimeVoiceProvider(StrEnum):
    RIME = "rime"

    def __str__(self) -> str:
        return str(self.value)
