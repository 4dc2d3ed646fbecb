from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    Undocumented,
    Unset,
    as_int,
    as_list,
    as_object,
    as_str,
    is_object,
    to_json_object,
)

if TYPE_CHECKING:
    from ..models.azure_transcriber import AzureTranscriber
    from ..models.azure_voice import AzureVoice
    from ..models.deepgram_transcriber import DeepgramTranscriber
    from ..models.deepgram_voice import DeepgramVoice
    from ..models.elevenlabs_voice import ElevenlabsVoice
    from ..models.hook import Hook
    from ..models.language_model import LanguageModel
    from ..models.metadata import Metadata
    from ..models.playht_voice import PlayhtVoice
    from ..models.rime_voice import RimeVoice
    from ..models.webhook import Webhook


@_attrs_define(kw_only=True)
class AgentConfiguration:
    """What an agent says, hears, thinks with and reports to.

    Attributes:
        initial_message (None | str | Unset): What the agent says first. With null it waits for the person to speak.
            Default: None.
        prompt (None | str | Unset): The system prompt of the agent's language model. Default: None.
        voice (AzureVoice | DeepgramVoice | ElevenlabsVoice | None | PlayhtVoice | RimeVoice | Unset | Undocumented):
            The voice that the agent speaks with.
        language_model (LanguageModel | None | Unset): The language model that decides what the agent says.
        transcriber (AzureTranscriber | DeepgramTranscriber | None | Unset | Undocumented): The service that turns the
            person's speech into text.
        max_duration_seconds (int | None | Unset): The longest that the call may last, in seconds. With null it has no
            limit. Default: 600.
        webhooks (list[Webhook] | None | Unset): HTTP requests that VoiceOS makes when events happen.
        hooks (list[Hook] | None | Unset): What VoiceOS does by itself, within the call, when events happen.
        metadata (Metadata | None | Unset): Any further information to keep with the agent, by name.
    """

    initial_message: None | str | Unset = UNSET
    prompt: None | str | Unset = UNSET
    voice: AzureVoice | DeepgramVoice | ElevenlabsVoice | None | PlayhtVoice | RimeVoice | Unset | Undocumented = UNSET
    language_model: LanguageModel | None | Unset = UNSET
    transcriber: AzureTranscriber | DeepgramTranscriber | None | Unset | Undocumented = UNSET
    max_duration_seconds: int | None | Unset = UNSET
    webhooks: list[Webhook] | None | Unset = UNSET
    hooks: list[Hook] | None | Unset = UNSET
    metadata: Metadata | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.azure_transcriber import AzureTranscriber  # noqa: PLC0415
        from ..models.azure_voice import AzureVoice  # noqa: PLC0415
        from ..models.deepgram_transcriber import DeepgramTranscriber  # noqa: PLC0415
        from ..models.deepgram_voice import DeepgramVoice  # noqa: PLC0415
        from ..models.elevenlabs_voice import ElevenlabsVoice  # noqa: PLC0415
        from ..models.language_model import LanguageModel  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415
        from ..models.playht_voice import PlayhtVoice  # noqa: PLC0415
        from ..models.rime_voice import RimeVoice  # noqa: PLC0415

        initial_message: None | str | Unset
        if isinstance(self.initial_message, Unset):
            initial_message = UNSET
        else:
            initial_message = self.initial_message

        prompt: None | str | Unset
        if isinstance(self.prompt, Unset):
            prompt = UNSET
        else:
            prompt = self.prompt

        voice: dict[str, Any] | None | Unset
        if isinstance(self.voice, Unset):
            voice = UNSET
        elif isinstance(self.voice, Undocumented):
            voice = self.voice.value
        elif isinstance(self.voice, PlayhtVoice):
            voice = to_json_object(self.voice)
        elif isinstance(self.voice, ElevenlabsVoice):
            voice = to_json_object(self.voice)
        elif isinstance(self.voice, AzureVoice):
            voice = to_json_object(self.voice)
        elif isinstance(self.voice, DeepgramVoice):
            voice = to_json_object(self.voice)
        elif isinstance(self.voice, RimeVoice):
            voice = to_json_object(self.voice)
        else:
            voice = self.voice

        language_model: dict[str, Any] | None | Unset
        if isinstance(self.language_model, Unset):
            language_model = UNSET
        elif isinstance(self.language_model, LanguageModel):
            language_model = to_json_object(self.language_model)
        else:
            language_model = self.language_model

        transcriber: dict[str, Any] | None | Unset
        if isinstance(self.transcriber, Unset):
            transcriber = UNSET
        elif isinstance(self.transcriber, Undocumented):
            transcriber = self.transcriber.value
        elif isinstance(self.transcriber, DeepgramTranscriber):
            transcriber = to_json_object(self.transcriber)
        elif isinstance(self.transcriber, AzureTranscriber):
            transcriber = to_json_object(self.transcriber)
        else:
            transcriber = self.transcriber

        max_duration_seconds: int | None | Unset
        if isinstance(self.max_duration_seconds, Unset):
            max_duration_seconds = UNSET
        else:
            max_duration_seconds = self.max_duration_seconds

        webhooks: list[dict[str, Any]] | None | Unset
        if isinstance(self.webhooks, Unset):
            webhooks = UNSET
        elif isinstance(self.webhooks, list):
            webhooks = list[Any]()
            for webhooks_type_0_item_data in self.webhooks:
                webhooks_type_0_item = to_json_object(webhooks_type_0_item_data)
                webhooks.append(webhooks_type_0_item)

        else:
            webhooks = self.webhooks

        hooks: list[dict[str, Any]] | None | Unset
        if isinstance(self.hooks, Unset):
            hooks = UNSET
        elif isinstance(self.hooks, list):
            hooks = list[Any]()
            for hooks_type_0_item_data in self.hooks:
                hooks_type_0_item = to_json_object(hooks_type_0_item_data)
                hooks.append(hooks_type_0_item)

        else:
            hooks = self.hooks

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, Metadata):
            metadata = to_json_object(self.metadata)
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if initial_message is not UNSET:
            field_dict["initial_message"] = initial_message
        if prompt is not UNSET:
            field_dict["prompt"] = prompt
        if voice is not UNSET:
            field_dict["voice"] = voice
        if language_model is not UNSET:
            field_dict["language_model"] = language_model
        if transcriber is not UNSET:
            field_dict["transcriber"] = transcriber
        if max_duration_seconds is not UNSET:
            field_dict["max_duration_seconds"] = max_duration_seconds
        if webhooks is not UNSET:
            field_dict["webhooks"] = webhooks
        if hooks is not UNSET:
            field_dict["hooks"] = hooks
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.azure_transcriber import AzureTranscriber  # noqa: PLC0415
        from ..models.azure_voice import AzureVoice  # noqa: PLC0415
        from ..models.deepgram_transcriber import DeepgramTranscriber  # noqa: PLC0415
        from ..models.deepgram_voice import DeepgramVoice  # noqa: PLC0415
        from ..models.elevenlabs_voice import ElevenlabsVoice  # noqa: PLC0415
        from ..models.hook import Hook  # noqa: PLC0415
        from ..models.language_model import LanguageModel  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415
        from ..models.playht_voice import PlayhtVoice  # noqa: PLC0415
        from ..models.rime_voice import RimeVoice  # noqa: PLC0415
        from ..models.webhook import Webhook  # noqa: PLC0415

        d = as_object(src_dict)

        def _parse_initial_message(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            initial_message_type_0 = as_str(data)

            return initial_message_type_0

        initial_message = _parse_initial_message(d.pop("initial_message", UNSET))

        def _parse_prompt(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            prompt_type_0 = as_str(data)

            return prompt_type_0

        prompt = _parse_prompt(d.pop("prompt", UNSET))

        def _parse_voice(
            data: Any,
        ) -> AzureVoice | DeepgramVoice | ElevenlabsVoice | None | PlayhtVoice | RimeVoice | Unset | Undocumented:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if is_object(data) and data.get("provider") == "playht":
                try:
                    return PlayhtVoice.from_dict(data)
                except (AttributeError, KeyError, TypeError, ValueError):
                    pass
            if is_object(data) and data.get("provider") == "elevenlabs":
                try:
                    return ElevenlabsVoice.from_dict(data)
                except (AttributeError, KeyError, TypeError, ValueError):
                    pass
            if is_object(data) and data.get("provider") == "azure":
                try:
                    return AzureVoice.from_dict(data)
                except (AttributeError, KeyError, TypeError, ValueError):
                    pass
            if is_object(data) and data.get("provider") == "deepgram":
                try:
                    return DeepgramVoice.from_dict(data)
                except (AttributeError, KeyError, TypeError, ValueError):
                    pass
            if is_object(data) and data.get("provider") == "rime":
                try:
                    return RimeVoice.from_dict(data)
                except (AttributeError, KeyError, TypeError, ValueError):
                    pass
            return Undocumented(data)

        voice = _parse_voice(d.pop("voice", UNSET))

        def _parse_language_model(data: Any) -> LanguageModel | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            language_model_type_0 = LanguageModel.from_dict(data)

            return language_model_type_0

        language_model = _parse_language_model(d.pop("language_model", UNSET))

        def _parse_transcriber(data: Any) -> AzureTranscriber | DeepgramTranscriber | None | Unset | Undocumented:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if is_object(data) and data.get("provider") == "deepgram":
                try:
                    return DeepgramTranscriber.from_dict(data)
                except (AttributeError, KeyError, TypeError, ValueError):
                    pass
            if is_object(data) and data.get("provider") == "azure":
                try:
                    return AzureTranscriber.from_dict(data)
                except (AttributeError, KeyError, TypeError, ValueError):
                    pass
            return Undocumented(data)

        transcriber = _parse_transcriber(d.pop("transcriber", UNSET))

        def _parse_max_duration_seconds(data: Any) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            max_duration_seconds_type_0 = as_int(data)

            return max_duration_seconds_type_0

        max_duration_seconds = _parse_max_duration_seconds(d.pop("max_duration_seconds", UNSET))

        def _parse_webhooks(data: Any) -> list[Webhook] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            webhooks_type_0: list[Webhook] = []
            for webhooks_type_0_item_data in as_list(data):
                webhooks_type_0_item = Webhook.from_dict(webhooks_type_0_item_data)

                webhooks_type_0.append(webhooks_type_0_item)

            return webhooks_type_0

        webhooks = _parse_webhooks(d.pop("webhooks", UNSET))

        def _parse_hooks(data: Any) -> list[Hook] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            hooks_type_0: list[Hook] = []
            for hooks_type_0_item_data in as_list(data):
                hooks_type_0_item = Hook.from_dict(hooks_type_0_item_data)

                hooks_type_0.append(hooks_type_0_item)

            return hooks_type_0

        hooks = _parse_hooks(d.pop("hooks", UNSET))

        def _parse_metadata(data: Any) -> Metadata | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            metadata_type_0 = Metadata.from_dict(data)

            return metadata_type_0

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        _instance = cls(
            initial_message=initial_message,
            prompt=prompt,
            voice=voice,
            language_model=language_model,
            transcriber=transcriber,
            max_duration_seconds=max_duration_seconds,
            webhooks=webhooks,
            hooks=hooks,
            metadata=metadata,
        )

        additional_properties = {}
        for prop_name, prop_dict in d.items():
            additional = prop_dict

            additional_properties[prop_name] = additional

        _instance.additional_properties = additional_properties
        return _instance

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
