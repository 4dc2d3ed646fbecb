from enum import StrEnum


class TranscriberProvider(StrEnum):
    AZURE = "azure"
    DEEPGRAM = "deepgram"

    def __str__(self) -> str:
        return str(self.value)
