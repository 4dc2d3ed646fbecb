from ..types import OpenStrEnum


class PlayhtVoiceModel(OpenStrEnum):
    """The known names of PlayHT voices."""

    ARTHUR = "arthur"
    AYLA = "ayla"
    DYLAN = "dylan"
    MADELYN = "madelyn"
    OLIVER = "oliver"
    PHOEBE = "phoebe"
    SOPHIA = "sophia"
    SUSAN = "susan"
    WILLIAM = "william"
