from ..types import OpenStrEnum


class AzureVoiceModel(OpenStrEnum):
    """The known names of Azure voices."""

    EN_US_ANDREWMULTILINGUALNEURAL = "en-US-AndrewMultilingualNeural"
    EN_US_AVAMULTILINGUALNEURAL = "en-US-AvaMultilingualNeural"
    EN_US_BRIANMULTILINGUALNEURAL = "en-US-BrianMultilingualNeural"
    EN_US_EMMAMULTILINGUALNEURAL = "en-US-EmmaMultilingualNeural"
    EN_US_JENNYMULTILINGUALNEURAL = "en-US-JennyMultilingualNeural"
    EN_US_RYANMULTILINGUALNEURAL = "en-US-RyanMultilingualNeural"
