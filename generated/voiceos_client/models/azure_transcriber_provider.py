from ..types import OpenStrEnum


class AzureTranscriberProvider(OpenStrEnum):
    """Always `azure`."""

    AZURE = "azure"
