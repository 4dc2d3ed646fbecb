from ..types import OpenStrEnum


class LanguageModelProvider(OpenStrEnum):
    """Always `openai`."""

    OPENAI = "openai"
