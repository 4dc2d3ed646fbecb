from enum import StrEnum


class PlayhtVoiceModel(StrEnum):
    ARTHUR = "arthur"
    AYLA = "ayla"
    DYLAN = "dylan"
    MADELYN = "madelyn"
    OLIVER = "oliver"
    PHOEBE = "phoebe"
    SOPHIA = "sophia"
    SUSAN = "susan"
    WILLIAM = "william"

    def __str__(self) -> str:
        return str(self.value)
