from enum import StrEnum


class ConversationStatus(StrEnum):
    ENDED = "ended"
    QUEUED = "queued"
    STARTED = "started"

    def __str__(self) -> str:
        return str(self.value)
