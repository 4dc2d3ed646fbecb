from enum import StrEnum


class PlayhtVoiceProvider(StrEnum):
    PLAYHT = "playht"

    def __str__(self) -> str:
        return str(self.value)
