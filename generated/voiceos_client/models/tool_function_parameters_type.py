from ..types import OpenStrEnum


class ToolFunctionParametersType(OpenStrEnum):
    """The JSON type of a function's arguments taken together."""

    OBJECT = "object"
