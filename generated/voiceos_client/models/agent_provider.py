from ..types import OpenStrEnum


class AgentProvider(OpenStrEnum):
    """The provider of agents."""

    VOICEOS = "voiceos"
