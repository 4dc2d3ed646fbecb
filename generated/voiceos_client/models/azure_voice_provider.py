from enum import StrEnum


class AzureVoiceProvider(StrEnum):
    AZURE = "azure"

    def __str__(self) -> str:
        return str(self.value)
