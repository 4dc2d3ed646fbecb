from enum import StrEnum


class VoiceProvider(StrEnum):
    AZURE = "azure"
    DEEPGRAM = "deepgram"
    ELEVENLABS = "elevenlabs"
    PLAYHT = "playht"
    RIME = "rime"

    def __str__(self) -> str:
        return str(self.value)
