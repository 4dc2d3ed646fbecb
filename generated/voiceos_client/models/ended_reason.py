from enum import StrEnum


class EndedReason(StrEnum):
    AGENT_ENDED = "agent_ended"
    UNKNOWN = "unknown"
    USER_ENDED = "user_ended"

    def __str__(self) -> str:
        return str(self.value)
