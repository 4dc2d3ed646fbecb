from enum import StrEnum


class HookAction(StrEnum):
    HANG_UP = "hang_up"

    def __str__(self) -> str:
        return str(self.value)
