from enum import StrEnum


class DeepgramVoiceProvider(StrEnum):
    DEEPGRAM = "deepgram"

    def __str__(self) -> str:
        return str(self.value)
