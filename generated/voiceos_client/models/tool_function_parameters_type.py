from enum import StrEnum


class ToolFunctionParametersType(StrEnum):
    OBJECT = "object"

    def __str__(self) -> str:
        return str(self.value)
