from enum import StrEnum


class DeepgramTranscriberProvider(StrEnum):
    DEEPGRAM = "deepgram"

    def __str__(self) -> str:
        return str(self.value)
