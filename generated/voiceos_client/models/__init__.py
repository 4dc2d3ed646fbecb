"""Contains all the data models used in inputs/outputs"""

from .agent_configuration import AgentConfiguration
from .agent_cost import AgentCost
from .agent_provider import AgentProvider
from .azure_language import AzureLanguage
from .azure_transcriber import AzureTranscriber
from .azure_transcriber_provider import AzureTranscriberProvider
from .azure_voice import AzureVoice
from .azure_voice_model import AzureVoiceModel
from .azure_voice_provider import AzureVoiceProvider
from .conversation_cost import ConversationCost
from .conversation_response import ConversationResponse
from .conversation_status import ConversationStatus
from .conversation_type import ConversationType
from .create_call import CreateCall
from .deepgram_language import DeepgramLanguage
from .deepgram_transcriber import DeepgramTranscriber
from .deepgram_transcriber_model import DeepgramTranscriberModel
from .deepgram_transcriber_provider import DeepgramTranscriberProvider
from .deepgram_voice import DeepgramVoice
from .deepgram_voice_model import DeepgramVoiceModel
from .deepgram_voice_provider import DeepgramVoiceProvider
from .elevenlabs_model_id import ElevenlabsModelId
from .elevenlabs_voice import ElevenlabsVoice
from .elevenlabs_voice_id import ElevenlabsVoiceId
from .elevenlabs_voice_provider import ElevenlabsVoiceProvider
from .ended_reason import EndedReason
from .error_response import ErrorResponse
from .event_name import EventName
from .hook import Hook
from .hook_action import HookAction
from .hook_instruction import HookInstruction
from .http_validation_error import HTTPValidationError
from .language_model import LanguageModel
from .language_model_cost import LanguageModelCost
from .language_model_name import LanguageModelName
from .language_model_provider import LanguageModelProvider
from .message import Message
from .message_role import MessageRole
from .metadata import Metadata
from .phone_call import PhoneCall
from .playht_voice import PlayhtVoice
from .playht_voice_model import PlayhtVoiceModel
from .playht_voice_provider import PlayhtVoiceProvider
from .rime_speaker import RimeSpeaker
from .rime_voice import RimeVoice
from .rime_voice_provider import RimeVoiceProvider
from .telephony_cost import TelephonyCost
from .telephony_provider import TelephonyProvider
from .tool import Tool
from .tool_function import ToolFunction
from .tool_function_parameters import ToolFunctionParameters
from .tool_function_parameters_type import ToolFunctionParametersType
from .tool_function_properties import ToolFunctionProperties
from .tool_type import ToolType
from .transcriber_cost import TranscriberCost
from .transcriber_provider import TranscriberProvider
from .validation_error import ValidationError
from .voice_cost import VoiceCost
from .voice_provider import VoiceProvider
from .webhook import Webhook
from .webhook_headers import WebhookHeaders
from .webhook_method import WebhookMethod

__all__ = (
    "AgentConfiguration",
    "AgentCost",
    "AgentProvider",
    "AzureLanguage",
    "AzureTranscriber",
    "AzureTranscriberProvider",
    "AzureVoice",
    "AzureVoiceModel",
    "AzureVoiceProvider",
    "ConversationCost",
    "ConversationResponse",
    "ConversationStatus",
    "ConversationType",
    "CreateCall",
    "DeepgramLanguage",
    "DeepgramTranscriber",
    "DeepgramTranscriberModel",
    "DeepgramTranscriberProvider",
    "DeepgramVoice",
    "DeepgramVoiceModel",
    "DeepgramVoiceProvider",
    "ElevenlabsModelId",
    "ElevenlabsVoice",
    "ElevenlabsVoiceId",
    "ElevenlabsVoiceProvider",
    "EndedReason",
    "ErrorResponse",
    "EventName",
    "Hook",
    "HookAction",
    "HookInstruction",
    "HTTPValidationError",
    "LanguageModel",
    "LanguageModelCost",
    "LanguageModelName",
    "LanguageModelProvider",
    "Message",
    "MessageRole",
    "Metadata",
    "PhoneCall",
    "PlayhtVoice",
    "PlayhtVoiceModel",
    "PlayhtVoiceProvider",
    "RimeSpeaker",
    "RimeVoice",
    "RimeVoiceProvider",
    "TelephonyCost",
    "TelephonyProvider",
    "Tool",
    "ToolFunction",
    "ToolFunctionParameters",
    "ToolFunctionParametersType",
    "ToolFunctionProperties",
    "ToolType",
    "TranscriberCost",
    "TranscriberProvider",
    "ValidationError",
    "VoiceCost",
    "VoiceProvider",
    "Webhook",
    "WebhookHeaders",
    "WebhookMethod",
)
