from ..types import OpenStrEnum


class ToolType(OpenStrEnum):
    """Always `function`."""

    FUNCTION = "function"
