from ..types import OpenStrEnum


class DeepgramTranscriberModel(OpenStrEnum):
    """The known names of Deepgram transcription models."""

    NOVA_2 = "nova-2"
    NOVA_2_AUTOMOTIVE = "nova-2-automotive"
    NOVA_2_CONVERSATIONALAI = "nova-2-conversationalai"
    NOVA_2_DRIVETHRU = "nova-2-drivethru"
    NOVA_2_FINANCE = "nova-2-finance"
    NOVA_2_GENERAL = "nova-2-general"
    NOVA_2_MEDICAL = "nova-2-medical"
    NOVA_2_MEETING = "nova-2-meeting"
    NOVA_2_PHONECALL = "nova-2-phonecall"
    NOVA_2_VOICEMAIL = "nova-2-voicemail"
