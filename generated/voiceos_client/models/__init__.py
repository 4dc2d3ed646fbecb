"""The classes of requests and responses, each imported when it is first asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
else:

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return globals().setdefault(name, getattr(import_module(_MODULES[name], __name__), name))

    def __dir__() -> list[str]:
        return [*globals(), *_MODULES]


_MODULES = {
    "AgentConfiguration": ".agent_configuration",
    "AgentCost": ".agent_cost",
    "AgentProvider": ".agent_provider",
    "AzureLanguage": ".azure_language",
    "AzureTranscriber": ".azure_transcriber",
    "AzureTranscriberProvider": ".azure_transcriber_provider",
    "AzureVoice": ".azure_voice",
    "AzureVoiceModel": ".azure_voice_model",
    "AzureVoiceProvider": ".azure_voice_provider",
    "ConversationCost": ".conversation_cost",
    "ConversationResponse": ".conversation_response",
    "ConversationStatus": ".conversation_status",
    "ConversationType": ".conversation_type",
    "CreateCall": ".create_call",
    "DeepgramLanguage": ".deepgram_language",
    "DeepgramTranscriber": ".deepgram_transcriber",
    "DeepgramTranscriberModel": ".deepgram_transcriber_model",
    "DeepgramTranscriberProvider": ".deepgram_transcriber_provider",
    "DeepgramVoice": ".deepgram_voice",
    "DeepgramVoiceModel": ".deepgram_voice_model",
    "DeepgramVoiceProvider": ".deepgram_voice_provider",
    "ElevenlabsModelId": ".elevenlabs_model_id",
    "ElevenlabsVoice": ".elevenlabs_voice",
    "ElevenlabsVoiceId": ".elevenlabs_voice_id",
    "ElevenlabsVoiceProvider": ".elevenlabs_voice_provider",
    "EndedReason": ".ended_reason",
    "ErrorResponse": ".error_response",
    "EventName": ".event_name",
    "Hook": ".hook",
    "HookAction": ".hook_action",
    "HookInstruction": ".hook_instruction",
    "HTTPValidationError": ".http_validation_error",
    "LanguageModel": ".language_model",
    "LanguageModelCost": ".language_model_cost",
    "LanguageModelName": ".language_model_name",
    "LanguageModelProvider": ".language_model_provider",
    "Message": ".message",
    "MessageRole": ".message_role",
    "Metadata": ".metadata",
    "PhoneCall": ".phone_call",
    "PlayhtVoice": ".playht_voice",
    "PlayhtVoiceModel": ".playht_voice_model",
    "PlayhtVoiceProvider": ".playht_voice_provider",
    "RimeSpeaker": ".rime_speaker",
    "RimeVoice": ".rime_voice",
    "RimeVoiceProvider": ".rime_voice_provider",
    "TelephonyCost": ".telephony_cost",
    "TelephonyProvider": ".telephony_provider",
    "Tool": ".tool",
    "ToolFunction": ".tool_function",
    "ToolFunctionParameters": ".tool_function_parameters",
    "ToolFunctionParametersType": ".tool_function_parameters_type",
    "ToolFunctionProperties": ".tool_function_properties",
    "ToolType": ".tool_type",
    "TranscriberCost": ".transcriber_cost",
    "TranscriberProvider": ".transcriber_provider",
    "ValidationError": ".validation_error",
    "VoiceCost": ".voice_cost",
    "VoiceProvider": ".voice_provider",
    "Webhook": ".webhook",
    "WebhookHeaders": ".webhook_headers",
    "WebhookMethod": ".webhook_method",
}

__all__ = [
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
]
