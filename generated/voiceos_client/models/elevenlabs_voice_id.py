from enum import StrEnum


class ElevenlabsVoiceId(StrEnum):
    ADAM = "adam"
    CLYDE = "clyde"
    DAVE = "dave"
    DREW = "drew"
    FIN = "fin"
    PAUL = "paul"
    RACHEL = "rachel"
    SARAH = "sarah"

    def __str__(self) -> str:
        return str(self.value)
