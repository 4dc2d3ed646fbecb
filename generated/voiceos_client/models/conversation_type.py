from enum import StrEnum


class ConversationType(StrEnum):
    INBOUND_PHONE_CALL = "inbound_phone_call"
    OUTBOUND_PHONE_CALL = "outbound_phone_call"
    WEB_CALL = "web_call"

    def __str__(self) -> str:
        return str(self.value)
