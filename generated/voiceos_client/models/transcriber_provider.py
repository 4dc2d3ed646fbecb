from ..types import OpenStrEnum


class TranscriberProvider(OpenStrEnum):
    """The providers of transcription."""

    AZURE = "azure"
    DEEPGRAM = "deepgram"
