from ..types import OpenStrEnum


class DeepgramVoiceModel(OpenStrEnum):
    """The known names of Deepgram voices."""

    AURA_ANGUS_EN = "aura-angus-en"
    AURA_ARCAS_EN = "aura-arcas-en"
    AURA_ASTERIA_EN = "aura-asteria-en"
    AURA_ATHENA_EN = "aura-athena-en"
    AURA_HELIOS_EN = "aura-helios-en"
    AURA_HERA_EN = "aura-hera-en"
    AURA_LUNA_EN = "aura-luna-en"
    AURA_ORION_EN = "aura-orion-en"
    AURA_ORPHEUS_EN = "aura-orpheus-en"
    AURA_PERSEUS_EN = "aura-perseus-en"
    AURA_STELLA_EN = "aura-stella-en"
    AURA_ZEUS_EN = "aura-zeus-en"
