from enum import StrEnum


class TelephonyProvider(StrEnum):
    TWILIO = "twilio"

    def __str__(self) -> str:
        return str(self.value)
