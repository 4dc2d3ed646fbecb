from enum import StrEnum


class LanguageModelProvider(StrEnum):
    OPENAI = "openai"

    def __str__(self) -> str:
        return str(self.value)
