from ..types import OpenStrEnum


class AzureVoiceProvider(OpenStrEnum):
    """Always `azure`."""

    AZURE = "azure"
