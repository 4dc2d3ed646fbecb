from ..types import OpenStrEnum


class ElevenlabsVoiceId(OpenStrEnum):
    """The known names of ElevenLabs voices."""

    ADAM = "adam"
    CLYDE = "clyde"
    DAVE = "dave"
    DREW = "drew"
    FIN = "fin"
    PAUL = "paul"
    RACHEL = "rachel"
    SARAH = "sarah"
