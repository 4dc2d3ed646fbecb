from enum import StrEnum


class AzureTranscriberProvider(StrEnum):
    AZURE = "azure"

    def __str__(self) -> str:
        return str(self.value)
