# Generated from the spec by `nox -s generate`; do not edit.

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import MISSING, ConfigDict, Field
from typing_extensions import TypeAliasType

from .json_types import (
    AwareDatetime,
    BaseModel,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)

Metadata = TypeAliasType("Metadata", dict[str, StrictStr])
"""Free information by name, each value a string."""


class PlayhtVoiceModel(StrEnum):
    """
    The known names of PlayHT voices.
    """

    susan = "susan"
    william = "william"
    phoebe = "phoebe"
    arthur = "arthur"
    ayla = "ayla"
    dylan = "dylan"
    madelyn = "madelyn"
    oliver = "oliver"
    sophia = "sophia"


class ElevenlabsVoiceId(StrEnum):
    """
    The known names of ElevenLabs voices.
    """

    rachel = "rachel"
    adam = "adam"
    paul = "paul"
    drew = "drew"
    clyde = "clyde"
    dave = "dave"
    sarah = "sarah"
    fin = "fin"


class ElevenlabsModelId(StrEnum):
    """
    The speech models of ElevenLabs.
    """

    eleven_multilingual_v2 = "eleven_multilingual_v2"
    eleven_monolingual_v1 = "eleven_monolingual_v1"
    eleven_turbo_v2 = "eleven_turbo_v2"


class AzureVoiceModel(StrEnum):
    """
    The known names of Azure voices.
    """

    en_US_AvaMultilingualNeural = "en-US-AvaMultilingualNeural"
    en_US_JennyMultilingualNeural = "en-US-JennyMultilingualNeural"
    en_US_RyanMultilingualNeural = "en-US-RyanMultilingualNeural"
    en_US_AndrewMultilingualNeural = "en-US-AndrewMultilingualNeural"
    en_US_BrianMultilingualNeural = "en-US-BrianMultilingualNeural"
    en_US_EmmaMultilingualNeural = "en-US-EmmaMultilingualNeural"


class DeepgramVoiceModel(StrEnum):
    """
    The known names of Deepgram voices.
    """

    aura_asteria_en = "aura-asteria-en"
    aura_luna_en = "aura-luna-en"
    aura_stella_en = "aura-stella-en"
    aura_athena_en = "aura-athena-en"
    aura_hera_en = "aura-hera-en"
    aura_orion_en = "aura-orion-en"
    aura_arcas_en = "aura-arcas-en"
    aura_perseus_en = "aura-perseus-en"
    aura_angus_en = "aura-angus-en"
    aura_orpheus_en = "aura-orpheus-en"
    aura_helios_en = "aura-helios-en"
    aura_zeus_en = "aura-zeus-en"


class RimeSpeaker(StrEnum):
    """
    The known names of Rime voices.
    """

    abbie = "abbie"
    allison = "allison"
    ally = "ally"
    alona = "alona"
    amber = "amber"
    ana = "ana"
    antoine = "antoine"
    armon = "armon"
    brenda = "brenda"
    brittany = "brittany"
    carol = "carol"
    colin = "colin"
    courtney = "courtney"
    elena = "elena"
    elliot = "elliot"
    eva = "eva"
    geoff = "geoff"
    gerald = "gerald"
    hank = "hank"
    helen = "helen"
    hera = "hera"
    jen = "jen"
    joe = "joe"
    joy = "joy"
    juan = "juan"
    kendra = "kendra"
    kendrick = "kendrick"
    kenneth = "kenneth"
    kevin = "kevin"
    kris = "kris"
    linda = "linda"
    madison = "madison"
    marge = "marge"
    marina = "marina"
    marissa = "marissa"
    marta = "marta"
    maya = "maya"
    nicholas = "nicholas"
    nyles = "nyles"
    phil = "phil"
    reba = "reba"
    rex = "rex"
    rick = "rick"
    ritu = "ritu"
    rob = "rob"
    rodney = "rodney"
    rohan = "rohan"
    rosco = "rosco"
    samantha = "samantha"
    sandy = "sandy"
    selena = "selena"
    seth = "seth"
    sharon = "sharon"
    stan = "stan"
    tamra = "tamra"
    tanya = "tanya"
    tibur = "tibur"
    tj = "tj"
    tyler = "tyler"
    viv = "viv"
    yadira = "yadira"


class LanguageModelName(StrEnum):
    """
    The known names of OpenAI models.
    """

    gpt_3_5_turbo = "gpt-3.5-turbo"
    gpt_3_5_turbo_0125 = "gpt-3.5-turbo-0125"
    gpt_3_5_turbo_1106 = "gpt-3.5-turbo-1106"
    gpt_3_5_turbo_16k = "gpt-3.5-turbo-16k"
    gpt_3_5_turbo_0613 = "gpt-3.5-turbo-0613"
    gpt_4_turbo = "gpt-4-turbo"
    gpt_4_turbo_2024_04_09 = "gpt-4-turbo-2024-04-09"
    gpt_4_turbo_preview = "gpt-4-turbo-preview"
    gpt_4_0125_preview = "gpt-4-0125-preview"
    gpt_4_1106_preview = "gpt-4-1106-preview"
    gpt_4_0613 = "gpt-4-0613"
    gpt_4 = "gpt-4"
    gpt_4o = "gpt-4o"


ToolFunctionParametersType = TypeAliasType("ToolFunctionParametersType", Literal["object"])
"""The JSON type of a function's arguments taken together."""


ToolFunctionProperties = TypeAliasType("ToolFunctionProperties", dict[str, Any])
"""A JSON Schema for each argument of a function, by name."""


class DeepgramTranscriberModel(StrEnum):
    """
    The known names of Deepgram transcription models.
    """

    nova_2 = "nova-2"
    nova_2_general = "nova-2-general"
    nova_2_meeting = "nova-2-meeting"
    nova_2_phonecall = "nova-2-phonecall"
    nova_2_finance = "nova-2-finance"
    nova_2_voicemail = "nova-2-voicemail"
    nova_2_medical = "nova-2-medical"
    nova_2_drivethru = "nova-2-drivethru"
    nova_2_automotive = "nova-2-automotive"
    nova_2_conversationalai = "nova-2-conversationalai"


class DeepgramLanguage(StrEnum):
    """
    The known language codes of Deepgram transcription.
    """

    en = "en"
    fr = "fr"
    es = "es"
    de = "de"
    it = "it"
    nl = "nl"
    pt = "pt"
    ru = "ru"
    ja = "ja"
    cs = "cs"
    da = "da"
    el = "el"
    hi = "hi"
    id = "id"
    ko = "ko"
    no = "no"
    pl = "pl"
    sv = "sv"
    tr = "tr"
    uk = "uk"


class AzureLanguage(StrEnum):
    """
    The known language codes of Azure transcription.
    """

    en_US = "en-US"
    fr_FR = "fr-FR"
    es_ES = "es-ES"
    de_DE = "de-DE"
    it_IT = "it-IT"
    nl_NL = "nl-NL"
    pt_BR = "pt-BR"
    ru_RU = "ru-RU"
    ja_JP = "ja-JP"
    zh_CN = "zh-CN"
    ko_KR = "ko-KR"
    ar_SA = "ar-SA"
    hi_IN = "hi-IN"
    id_ID = "id-ID"
    tr_TR = "tr-TR"
    uk_UA = "uk-UA"
    pl_PL = "pl-PL"
    sv_SE = "sv-SE"
    da_DK = "da-DK"
    nb_NO = "nb-NO"
    fi_FI = "fi-FI"
    vi_VN = "vi-VN"
    th_TH = "th-TH"
    cs_CZ = "cs-CZ"


class EventName(StrEnum):
    """
    Something that happens to a call or a conversation.
    """

    phone_call_connection_requested = "phone_call:connection_requested"
    phone_call_rejected = "phone_call:rejected"
    phone_call_accepted = "phone_call:accepted"
    function_call_triggered = "function_call:triggered"
    conversation_started = "conversation:started"
    conversation_ended = "conversation:ended"
    conversation_duration = "conversation:duration"
    speech_started = "speech:started"
    speech_ended = "speech:ended"
    message_sent = "message:sent"
    message_generated = "message:generated"


class WebhookMethod(StrEnum):
    """
    An HTTP method that a webhook may use.
    """

    GET = "GET"
    POST = "POST"


WebhookHeaders = TypeAliasType("WebhookHeaders", dict[str, StrictStr])
"""HTTP headers by name, each value a string."""


HookAction = TypeAliasType("HookAction", Literal["hang_up"])
"""The things that a hook can do."""


class ConversationType(StrEnum):
    """
    The ways that a conversation comes about.
    """

    inbound_phone_call = "inbound_phone_call"
    outbound_phone_call = "outbound_phone_call"
    web_call = "web_call"


class ConversationStatus(StrEnum):
    """
    The states of a conversation.
    """

    started = "started"
    ended = "ended"
    queued = "queued"


class EndedReason(StrEnum):
    """
    The reasons for which a conversation ends.
    """

    agent_ended = "agent_ended"
    user_ended = "user_ended"
    unknown = "unknown"


class MessageRole(StrEnum):
    """
    Who speaks in a conversation.
    """

    agent = "agent"
    user = "user"


class VoiceProvider(StrEnum):
    """
    The providers of voices.
    """

    azure = "azure"
    elevenlabs = "elevenlabs"
    rime = "rime"
    deepgram = "deepgram"
    playht = "playht"


class TranscriberProvider(StrEnum):
    """
    The providers of transcription.
    """

    deepgram = "deepgram"
    azure = "azure"


LanguageModelProvider = TypeAliasType("LanguageModelProvider", Literal["openai"])
"""The providers of language models."""


TelephonyProvider = TypeAliasType("TelephonyProvider", Literal["twilio"])
"""The telephone companies that carry calls."""


AgentProvider = TypeAliasType("AgentProvider", Literal["voiceos"])
"""The provider of agents."""


class ErrorResponse(BaseModel):
    """Why a request was turned away."""

    model_config = ConfigDict(
        extra="allow",
    )
    detail: StrictStr
    """The reason, in words."""


class ValidationError(BaseModel):
    """One thing that is wrong with a request body."""

    model_config = ConfigDict(
        extra="allow",
    )
    loc: list[StrictStr | StrictInt]
    """Where it is: the path into the request, names and array positions."""
    msg: StrictStr
    """What is wrong, in words."""
    type: StrictStr
    """What kind of error it is."""


class PlayhtVoice(BaseModel):
    """A voice by PlayHT."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: Literal["playht"]
    """Always `playht`."""
    credential_id: StrictStr | None = None
    """Your own account with the provider, as stored with VoiceOS. With null, VoiceOS's is used and the conversation's cost includes it."""
    model: PlayhtVoiceModel | StrictStr | None | MISSING = MISSING
    """The voice's name. Names beyond the known ones are accepted too."""
    speed: Annotated[StrictFloat | None, Field(ge=0.0, le=5.0)] = 1.0
    """How fast the voice speaks, as a multiple of its usual speed."""
    temperature: Annotated[StrictFloat | None | MISSING, Field(ge=0.0, le=2.0)] = MISSING
    """How much the voice varies. With null, the model's own default holds."""
    text_guidance: Annotated[StrictFloat | None | MISSING, Field(ge=1.0, le=2.0)] = MISSING
    """How closely the voice keeps to the text."""
    style_guidance: Annotated[StrictFloat | None | MISSING, Field(ge=1.0, le=30.0)] = MISSING
    """How strongly the voice shows emotion; a lower number is weaker."""


class ElevenlabsVoice(BaseModel):
    """A voice by ElevenLabs."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: Literal["elevenlabs"]
    """Always `elevenlabs`."""
    credential_id: StrictStr | None = None
    """Your own account with the provider, as stored with VoiceOS. With null, VoiceOS's is used and the conversation's cost includes it."""
    voice_id: ElevenlabsVoiceId | StrictStr | None | MISSING = MISSING
    """The voice's name. Names beyond the known ones are accepted too."""
    model_id: ElevenlabsModelId | None = ElevenlabsModelId.eleven_turbo_v2
    """The speech model that says the text."""
    optimize_latency: Annotated[StrictInt | None, Field(ge=0, le=4)] = 3
    """How far quality may give way to speed, from 0 (not at all) to 4."""
    use_speaker_boost: StrictBool | None = False
    """Whether to bring the voice closer to its original speaker, at the price of speed."""
    similarity_boost: Annotated[StrictFloat | None, Field(ge=0.0, le=1.0)] = 0.5
    """How closely the voice keeps to its original, from 0 to 1."""
    stability: Annotated[StrictFloat | None, Field(ge=0.0, le=1.0)] = 0.5
    """How even the voice is, from 0 (varied) to 1 (even)."""


class AzureVoice(BaseModel):
    """A voice by Azure."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: Literal["azure"]
    """Always `azure`."""
    credential_id: StrictStr | None = None
    """Your own account with the provider, as stored with VoiceOS. With null, VoiceOS's is used and the conversation's cost includes it."""
    model: AzureVoiceModel | StrictStr | None | MISSING = MISSING
    """The voice's name. Names beyond the known ones are accepted too."""
    pitch: Annotated[StrictInt | None, Field(ge=-20, le=20)] = 0
    """How much higher (above 0) or lower (below 0) than usual the voice is, from -20 to 20."""
    rate: Annotated[StrictInt | None, Field(ge=-50, le=50)] = 0
    """How much faster (above 0) or slower (below 0) than usual the voice speaks, from -50 to 50."""


class DeepgramVoice(BaseModel):
    """A voice by Deepgram."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: Literal["deepgram"]
    """Always `deepgram`."""
    credential_id: StrictStr | None = None
    """Your own account with the provider, as stored with VoiceOS. With null, VoiceOS's is used and the conversation's cost includes it."""
    model: DeepgramVoiceModel | StrictStr | None | MISSING = MISSING
    """The voice's name. Names beyond the known ones are accepted too."""


class RimeVoice(BaseModel):
    """A voice by Rime."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: Literal["rime"]
    """Always `rime`."""
    credential_id: StrictStr | None = None
    """Your own account with the provider, as stored with VoiceOS. With null, VoiceOS's is used and the conversation's cost includes it."""
    speaker: RimeSpeaker | StrictStr | None | MISSING = MISSING
    """The voice's name. Names beyond the known ones are accepted too."""
    speed_alpha: Annotated[StrictFloat | None, Field(ge=0.5, le=2.0)] = 1.0
    """How slowly the voice speaks, from 0.5 to 2; a lower number is faster."""
    reduce_latency: StrictBool | None = False
    """Whether quality may give way to speed."""


class ToolFunctionParameters(BaseModel):
    """The arguments of a function, in the manner of a JSON Schema of type object."""

    model_config = ConfigDict(
        extra="allow",
    )
    properties: ToolFunctionProperties
    """A JSON Schema for each argument, by the argument's name."""
    type: ToolFunctionParametersType | None | MISSING = MISSING
    """Always `object`."""
    required: list[StrictStr] | None | MISSING = MISSING
    """The names of the arguments that the model must give."""


class DeepgramTranscriber(BaseModel):
    """Transcription by Deepgram."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: Literal["deepgram"]
    """Always `deepgram`."""
    credential_id: StrictStr | None = None
    """Your own account with the provider, as stored with VoiceOS. With null, VoiceOS's is used and the conversation's cost includes it."""
    model: DeepgramTranscriberModel | StrictStr | None | MISSING = MISSING
    """The transcription model's name. Names beyond the known ones are accepted too."""
    language: DeepgramLanguage | StrictStr | None | MISSING = MISSING
    """The language that the person speaks. Codes beyond the known ones are accepted too."""
    keywords: list[StrictStr] | None = []
    """Words to listen for with particular care."""


class AzureTranscriber(BaseModel):
    """Transcription by Azure."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: Literal["azure"]
    """Always `azure`."""
    credential_id: StrictStr | None = None
    """Your own account with the provider, as stored with VoiceOS. With null, VoiceOS's is used and the conversation's cost includes it."""
    languages: list[AzureLanguage | StrictStr] | None = [AzureLanguage.en_US]
    """The languages that the person may speak. Codes beyond the known ones are accepted too."""


class Webhook(BaseModel):
    """An HTTP request that VoiceOS makes when one of some events happens."""

    model_config = ConfigDict(
        extra="allow",
    )
    events: list[EventName]
    """The events that cause the request."""
    url: StrictStr
    """Where the request goes."""
    method: WebhookMethod
    """The HTTP method of the request."""
    filter: StrictStr | None | MISSING = MISSING
    """An expression that chooses among the events. Its grammar is not documented."""
    headers: WebhookHeaders | None | MISSING = MISSING
    """Headers to send with the request."""


class HookInstruction(BaseModel):
    """One thing that a hook does."""

    model_config = ConfigDict(
        extra="allow",
    )
    instruction: HookAction
    """What to do."""


class Message(BaseModel):
    """Something said in a conversation."""

    model_config = ConfigDict(
        extra="allow",
    )
    role: MessageRole
    """Who said it."""
    content: StrictStr
    """What was said."""


class PhoneCall(BaseModel):
    """The telephone side of a conversation."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: TelephonyProvider
    """The telephone company that carried the call."""
    to_number: StrictStr
    """The number that was rung."""
    from_number: StrictStr
    """The caller's number."""


class VoiceCost(BaseModel):
    """What a conversation's voice cost."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: VoiceProvider
    """Who provided the voice."""
    cost: StrictFloat
    """The price, in US dollars."""
    characters: StrictInt
    """How many characters were spoken."""


class TranscriberCost(BaseModel):
    """What a conversation's transcription cost."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: TranscriberProvider
    """Who transcribed."""
    cost: StrictFloat
    """The price, in US dollars."""
    seconds: StrictFloat
    """How long the transcribed speech was, in seconds."""


class LanguageModelCost(BaseModel):
    """What a conversation's language model cost."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: LanguageModelProvider
    """Who provided the language model."""
    cost: StrictFloat
    """The price, in US dollars."""
    input_tokens: StrictInt
    """How many tokens the model read."""
    output_tokens: StrictInt
    """How many tokens the model wrote."""


class TelephonyCost(BaseModel):
    """What a conversation's telephone line cost."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: TelephonyProvider
    """The telephone company that carried the call."""
    cost: StrictFloat
    """The price, in US dollars; 0 for a number that was brought from elsewhere."""
    seconds: StrictFloat
    """How long the line was open, in seconds."""


class AgentCost(BaseModel):
    """What VoiceOS's own service cost."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: AgentProvider
    """Always VoiceOS itself."""
    cost: StrictFloat
    """The price, in US dollars."""
    seconds: StrictFloat
    """How long the agent was at work, in seconds."""


class HTTPValidationError(BaseModel):
    """What is wrong with a request body."""

    model_config = ConfigDict(
        extra="allow",
    )
    detail: list[ValidationError] | MISSING = MISSING
    """Each thing that is wrong."""


Voice = TypeAliasType(
    "Voice",
    Annotated[PlayhtVoice | ElevenlabsVoice | AzureVoice | DeepgramVoice | RimeVoice, Field(discriminator="provider")],
)
"""A voice, by one of five providers. `provider` tells which."""


class ToolFunction(BaseModel):
    """A function that the language model may call."""

    model_config = ConfigDict(
        extra="allow",
    )
    name: Annotated[StrictStr, Field(pattern="^([a-zA-Z0-9_]{1,63}|<string>)$")]
    """What the model calls the function. Letters, digits and underscores, fewer than 64 of them."""
    description: StrictStr
    """What the function does, for the model to decide when to call it."""
    parameters: ToolFunctionParameters
    """The arguments that the function takes."""


Transcriber = TypeAliasType(
    "Transcriber", Annotated[DeepgramTranscriber | AzureTranscriber, Field(discriminator="provider")]
)
"""A transcription service, by one of two providers. `provider` tells which."""


class Hook(BaseModel):
    """What VoiceOS does by itself, within the call, when one of some events happens."""

    model_config = ConfigDict(
        extra="allow",
    )
    events: list[EventName]
    """The events that cause the instructions to be carried out."""
    instructions: list[HookInstruction]
    """What to do, in this order."""
    filter: StrictStr | None | MISSING = MISSING
    """An expression that chooses among the events. Its grammar is not documented."""


class ConversationCost(BaseModel):
    """What a conversation cost, part by part, in US dollars."""

    model_config = ConfigDict(
        extra="allow",
    )
    total: StrictFloat
    """The sum of all parts, in US dollars."""
    voice: VoiceCost
    """The cost of the agent's voice."""
    transcriber: TranscriberCost
    """The cost of transcribing the person's speech."""
    language_model: LanguageModelCost
    """The cost of the language model."""
    agent: AgentCost
    """The cost of VoiceOS's own service."""
    telephony: TelephonyCost | None | MISSING = MISSING
    """The cost of the telephone line; null for a conversation over the web."""


class Tool(BaseModel):
    """Something that the language model may use. The only type is a function."""

    model_config = ConfigDict(
        extra="allow",
    )
    type: Literal["function"]
    """Always `function`."""
    function: ToolFunction
    """The function that the model may call."""


class LanguageModel(BaseModel):
    """A language model by OpenAI."""

    model_config = ConfigDict(
        extra="allow",
    )
    provider: Literal["openai"]
    """Always `openai`."""
    credential_id: StrictStr | None = None
    """Your own account with the provider, as stored with VoiceOS. With null, VoiceOS's is used and the conversation's cost includes it."""
    model: LanguageModelName | StrictStr | None | MISSING = MISSING
    """The model's name. Names beyond the known ones are accepted too."""
    tools: list[Tool] | None | MISSING = MISSING
    """Functions that the model may call."""
    temperature: Annotated[StrictFloat | None, Field(ge=0.0, le=2.0)] = 0
    """How much the model's answers vary, from 0 (least) to 2."""
    max_tokens: StrictInt | None = 300
    """The most tokens that one answer of the model may have."""


class AgentConfiguration(BaseModel):
    """What an agent says, hears, thinks with and reports to."""

    model_config = ConfigDict(
        extra="allow",
    )
    initial_message: StrictStr | None = None
    """What the agent says first. With null it waits for the person to speak."""
    prompt: StrictStr | None = None
    """The system prompt of the agent's language model."""
    voice: Voice | None | MISSING = MISSING
    """The voice that the agent speaks with."""
    language_model: LanguageModel | None | MISSING = MISSING
    """The language model that decides what the agent says."""
    transcriber: Transcriber | None | MISSING = MISSING
    """The service that turns the person's speech into text."""
    max_duration_seconds: StrictInt | None = 600
    """The longest that the call may last, in seconds. With null it has no limit."""
    webhooks: list[Webhook] | None | MISSING = MISSING
    """HTTP requests that VoiceOS makes when events happen."""
    hooks: list[Hook] | None | MISSING = MISSING
    """What VoiceOS does by itself, within the call, when events happen."""
    metadata: Metadata | None | MISSING = MISSING
    """Any further information to keep with the agent, by name."""


class ConversationResponse(BaseModel):
    """A conversation between an agent and a person."""

    model_config = ConfigDict(
        extra="allow",
        arbitrary_types_allowed=True,
    )
    uri: StrictStr
    """Where the conversation is found."""
    type: ConversationType
    """How the conversation came about."""
    account_id: StrictStr
    """The account that the conversation belongs to."""
    status: ConversationStatus
    """How far the conversation has come."""
    agent_config: AgentConfiguration
    """The configuration that the agent speaks with."""
    id: StrictStr
    """The conversation's own id."""
    started_at: AwareDatetime | None | MISSING = MISSING
    """When the conversation started."""
    ended_at: AwareDatetime | None | MISSING = MISSING
    """When the conversation ended; null as long as it has not."""
    agent_id: StrictStr | None | MISSING = MISSING
    """The stored agent that speaks; null when there is none."""
    messages: Annotated[list[Message], Field(validate_default=True)] = []
    """What was said so far."""
    phone_call: PhoneCall | None | MISSING = MISSING
    """The call's numbers; null for a conversation over the web."""
    ended_reason: EndedReason | None | MISSING = MISSING
    """Why the conversation ended; null as long as it has not."""
    cost_breakdown: ConversationCost | None | MISSING = MISSING
    """What the conversation cost, part by part, in US dollars."""


class CreateCall(BaseModel):
    """Which number to ring, from which, and with which agent."""

    model_config = ConfigDict(
        extra="allow",
    )
    from_number: StrictStr
    """The caller's number. It must belong to the account."""
    to_number: StrictStr
    """The number to ring, with its country code."""
    agent_id: StrictStr | None = None
    """The stored agent that speaks. With null, `agent_config` describes the agent."""
    agent_config: AgentConfiguration | None = None
    """The agent that speaks, described on the spot. With null, `agent_id` names it."""
