from enum import StrEnum


class AzureVoiceModel(StrEnum):
    EN_US_ANDREWMULTILINGUALNEURAL = "en-US-AndrewMultilingualNeural"
    EN_US_AVAMULTILINGUALNEURAL = "en-US-AvaMultilingualNeural"
    EN_US_BRIANMULTILINGUALNEURAL = "en-US-BrianMultilingualNeural"
    EN_US_EMMAMULTILINGUALNEURAL = "en-US-EmmaMultilingualNeural"
    EN_US_JENNYMULTILINGUALNEURAL = "en-US-JennyMultilingualNeural"
    EN_US_RYANMULTILINGUALNEURAL = "en-US-RyanMultilingualNeural"

    def __str__(self) -> str:
        return str(self.value)
