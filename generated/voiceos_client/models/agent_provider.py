from enum import StrEnum


class AgentProvider(StrEnum):
    VOICEOS = "voiceos"

    def __str__(self) -> str:
        return str(self.value)
