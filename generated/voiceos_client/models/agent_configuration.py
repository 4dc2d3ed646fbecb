from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

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


T = TypeVar("T", bound="AgentConfiguration")


@_attrs_define
class AgentConfiguration:
    """What an agent says, hears, thinks with and reports to.

    Attributes:
        initial_message (None | str | Unset): What the agent says first. With null it waits for the person to speak.
        prompt (None | str | Unset): The system prompt of the agent's language model.
        voice (AzureVoice | DeepgramVoice | ElevenlabsVoice | None | PlayhtVoice | RimeVoice | Unset): The voice that
            the agent speaks with.
        language_model (LanguageModel | None | Unset): The language model that decides what the agent says.
        transcriber (AzureTranscriber | DeepgramTranscriber | None | Unset): The service that turns the person's speech
            into text.
        max_duration_seconds (int | None | Unset): The longest that the call may last, in seconds. With null it has no
            limit. Default: 600.
        webhooks (list[Webhook] | None | Unset): HTTP requests that VoiceOS makes when events happen.
        hooks (list[Hook] | None | Unset): What VoiceOS does by itself, within the call, when events happen.
        metadata (Metadata | None | Unset): Any further information to keep with the agent, by name.
    """

    initial_message: None | str | Unset = UNSET
    prompt: None | str | Unset = UNSET
    voice: AzureVoice | DeepgramVoice | ElevenlabsVoice | None | PlayhtVoice | RimeVoice | Unset = UNSET
    language_model: LanguageModel | None | Unset = UNSET
    transcriber: AzureTranscriber | DeepgramTranscriber | None | Unset = UNSET
    max_duration_seconds: int | None | Unset = 600
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
        elif isinstance(self.voice, PlayhtVoice):
            voice = self.voice.to_dict()
        elif isinstance(self.voice, ElevenlabsVoice):
            voice = self.voice.to_dict()
        elif isinstance(self.voice, AzureVoice):
            voice = self.voice.to_dict()
        elif isinstance(self.voice, DeepgramVoice):
            voice = self.voice.to_dict()
        elif isinstance(self.voice, RimeVoice):
            voice = self.voice.to_dict()
        else:
            voice = self.voice

        language_model: dict[str, Any] | None | Unset
        if isinstance(self.language_model, Unset):
            language_model = UNSET
        elif isinstance(self.language_model, LanguageModel):
            language_model = self.language_model.to_dict()
        else:
            language_model = self.language_model

        transcriber: dict[str, Any] | None | Unset
        if isinstance(self.transcriber, Unset):
            transcriber = UNSET
        elif isinstance(self.transcriber, DeepgramTranscriber):
            transcriber = self.transcriber.to_dict()
        elif isinstance(self.transcriber, AzureTranscriber):
            transcriber = self.transcriber.to_dict()
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
            webhooks = []
            for webhooks_type_0_item_data in self.webhooks:
                webhooks_type_0_item = webhooks_type_0_item_data.to_dict()
                webhooks.append(webhooks_type_0_item)

        else:
            webhooks = self.webhooks

        hooks: list[dict[str, Any]] | None | Unset
        if isinstance(self.hooks, Unset):
            hooks = UNSET
        elif isinstance(self.hooks, list):
            hooks = []
            for hooks_type_0_item_data in self.hooks:
                hooks_type_0_item = hooks_type_0_item_data.to_dict()
                hooks.append(hooks_type_0_item)

        else:
            hooks = self.hooks

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, Metadata):
            metadata = self.metadata.to_dict()
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
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
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

        d = dict(src_dict)

        def _parse_initial_message(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        initial_message = _parse_initial_message(d.pop("initial_message", UNSET))

        def _parse_prompt(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        prompt = _parse_prompt(d.pop("prompt", UNSET))

        def _parse_voice(
            data: object,
        ) -> AzureVoice | DeepgramVoice | ElevenlabsVoice | None | PlayhtVoice | RimeVoice | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_voice_type_0 = PlayhtVoice.from_dict(data)

                return componentsschemas_voice_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_voice_type_1 = ElevenlabsVoice.from_dict(data)

                return componentsschemas_voice_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_voice_type_2 = AzureVoice.from_dict(data)

                return componentsschemas_voice_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_voice_type_3 = DeepgramVoice.from_dict(data)

                return componentsschemas_voice_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_voice_type_4 = RimeVoice.from_dict(data)

                return componentsschemas_voice_type_4
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AzureVoice | DeepgramVoice | ElevenlabsVoice | None | PlayhtVoice | RimeVoice | Unset, data)

        voice = _parse_voice(d.pop("voice", UNSET))

        def _parse_language_model(data: object) -> LanguageModel | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                language_model_type_0 = LanguageModel.from_dict(data)

                return language_model_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LanguageModel | None | Unset, data)

        language_model = _parse_language_model(d.pop("language_model", UNSET))

        def _parse_transcriber(data: object) -> AzureTranscriber | DeepgramTranscriber | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_transcriber_type_0 = DeepgramTranscriber.from_dict(data)

                return componentsschemas_transcriber_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_transcriber_type_1 = AzureTranscriber.from_dict(data)

                return componentsschemas_transcriber_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AzureTranscriber | DeepgramTranscriber | None | Unset, data)

        transcriber = _parse_transcriber(d.pop("transcriber", UNSET))

        def _parse_max_duration_seconds(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_duration_seconds = _parse_max_duration_seconds(d.pop("max_duration_seconds", UNSET))

        def _parse_webhooks(data: object) -> list[Webhook] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                webhooks_type_0 = []
                _webhooks_type_0 = data
                for webhooks_type_0_item_data in _webhooks_type_0:
                    webhooks_type_0_item = Webhook.from_dict(webhooks_type_0_item_data)

                    webhooks_type_0.append(webhooks_type_0_item)

                return webhooks_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Webhook] | None | Unset, data)

        webhooks = _parse_webhooks(d.pop("webhooks", UNSET))

        def _parse_hooks(data: object) -> list[Hook] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                hooks_type_0 = []
                _hooks_type_0 = data
                for hooks_type_0_item_data in _hooks_type_0:
                    hooks_type_0_item = Hook.from_dict(hooks_type_0_item_data)

                    hooks_type_0.append(hooks_type_0_item)

                return hooks_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Hook] | None | Unset, data)

        hooks = _parse_hooks(d.pop("hooks", UNSET))

        def _parse_metadata(data: object) -> Metadata | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = Metadata.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Metadata | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        agent_configuration = cls(
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

        agent_configuration.additional_properties = d
        return agent_configuration

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
