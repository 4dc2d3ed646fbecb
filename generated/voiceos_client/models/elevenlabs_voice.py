from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.elevenlabs_model_id import ElevenlabsModelId
from ..models.elevenlabs_voice_id import ElevenlabsVoiceId
from ..models.elevenlabs_voice_provider import ElevenlabsVoiceProvider
from ..types import UNSET, Unset

T = TypeVar("T", bound="ElevenlabsVoice")


@_attrs_define
class ElevenlabsVoice:
    """A voice by ElevenLabs.

    Attributes:
        provider (ElevenlabsVoiceProvider): Always `elevenlabs`.
        credential_id (None | str | Unset): Your own account with the provider, as stored with VoiceOS. With null,
            VoiceOS's is used and the conversation's cost includes it.
        voice_id (ElevenlabsVoiceId | None | str | Unset): The voice's name. Names beyond the known ones are accepted
            too.
        model_id (ElevenlabsModelId | None | Unset): The speech model that says the text. Default:
            ElevenlabsModelId.ELEVEN_TURBO_V2.
        optimize_latency (int | None | Unset): How far quality may give way to speed, from 0 (not at all) to 4. Default:
            3.
        use_speaker_boost (bool | None | Unset): Whether to bring the voice closer to its original speaker, at the price
            of speed. Default: False.
        similarity_boost (float | None | Unset): How closely the voice keeps to its original, from 0 to 1. Default: 0.5.
        stability (float | None | Unset): How even the voice is, from 0 (varied) to 1 (even). Default: 0.5.
    """

    provider: ElevenlabsVoiceProvider
    credential_id: None | str | Unset = UNSET
    voice_id: ElevenlabsVoiceId | None | str | Unset = UNSET
    model_id: ElevenlabsModelId | None | Unset = ElevenlabsModelId.ELEVEN_TURBO_V2
    optimize_latency: int | None | Unset = 3
    use_speaker_boost: bool | None | Unset = False
    similarity_boost: float | None | Unset = 0.5
    stability: float | None | Unset = 0.5
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider = self.provider.value

        credential_id: None | str | Unset
        if isinstance(self.credential_id, Unset):
            credential_id = UNSET
        else:
            credential_id = self.credential_id

        voice_id: None | str | Unset
        if isinstance(self.voice_id, Unset):
            voice_id = UNSET
        elif isinstance(self.voice_id, ElevenlabsVoiceId):
            voice_id = self.voice_id.value
        else:
            voice_id = self.voice_id

        model_id: None | str | Unset
        if isinstance(self.model_id, Unset):
            model_id = UNSET
        elif isinstance(self.model_id, ElevenlabsModelId):
            model_id = self.model_id.value
        else:
            model_id = self.model_id

        optimize_latency: int | None | Unset
        if isinstance(self.optimize_latency, Unset):
            optimize_latency = UNSET
        else:
            optimize_latency = self.optimize_latency

        use_speaker_boost: bool | None | Unset
        if isinstance(self.use_speaker_boost, Unset):
            use_speaker_boost = UNSET
        else:
            use_speaker_boost = self.use_speaker_boost

        similarity_boost: float | None | Unset
        if isinstance(self.similarity_boost, Unset):
            similarity_boost = UNSET
        else:
            similarity_boost = self.similarity_boost

        stability: float | None | Unset
        if isinstance(self.stability, Unset):
            stability = UNSET
        else:
            stability = self.stability

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "provider": provider,
            }
        )
        if credential_id is not UNSET:
            field_dict["credential_id"] = credential_id
        if voice_id is not UNSET:
            field_dict["voice_id"] = voice_id
        if model_id is not UNSET:
            field_dict["model_id"] = model_id
        if optimize_latency is not UNSET:
            field_dict["optimize_latency"] = optimize_latency
        if use_speaker_boost is not UNSET:
            field_dict["use_speaker_boost"] = use_speaker_boost
        if similarity_boost is not UNSET:
            field_dict["similarity_boost"] = similarity_boost
        if stability is not UNSET:
            field_dict["stability"] = stability

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        provider = ElevenlabsVoiceProvider(d.pop("provider"))

        def _parse_credential_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        credential_id = _parse_credential_id(d.pop("credential_id", UNSET))

        def _parse_voice_id(data: object) -> ElevenlabsVoiceId | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                voice_id_type_0 = ElevenlabsVoiceId(data)

                return voice_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ElevenlabsVoiceId | None | str | Unset, data)

        voice_id = _parse_voice_id(d.pop("voice_id", UNSET))

        def _parse_model_id(data: object) -> ElevenlabsModelId | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_id_type_0 = ElevenlabsModelId(data)

                return model_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ElevenlabsModelId | None | Unset, data)

        model_id = _parse_model_id(d.pop("model_id", UNSET))

        def _parse_optimize_latency(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        optimize_latency = _parse_optimize_latency(d.pop("optimize_latency", UNSET))

        def _parse_use_speaker_boost(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        use_speaker_boost = _parse_use_speaker_boost(d.pop("use_speaker_boost", UNSET))

        def _parse_similarity_boost(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        similarity_boost = _parse_similarity_boost(d.pop("similarity_boost", UNSET))

        def _parse_stability(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        stability = _parse_stability(d.pop("stability", UNSET))

        elevenlabs_voice = cls(
            provider=provider,
            credential_id=credential_id,
            voice_id=voice_id,
            model_id=model_id,
            optimize_latency=optimize_latency,
            use_speaker_boost=use_speaker_boost,
            similarity_boost=similarity_boost,
            stability=stability,
        )

        elevenlabs_voice.additional_properties = d
        return elevenlabs_voice

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
