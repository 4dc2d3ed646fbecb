from ..types import OpenStrEnum


class HookAction(OpenStrEnum):
    """The things that a hook can do."""

    HANG_UP = "hang_up"
