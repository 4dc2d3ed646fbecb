from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.elevenlabs_model_id import ElevenlabsModelId
from ..models.elevenlabs_voice_id import ElevenlabsVoiceId
from ..models.elevenlabs_voice_provider import ElevenlabsVoiceProvider
from ..types import (
    UNSET,
    Unset,
    as_bool,
    as_float,
    as_int,
    as_object,
    as_str,
    is_member,
    member_value,
)


@_attrs_define(kw_only=True)
class ElevenlabsVoice:
    """A voice by ElevenLabs.

    Attributes:
        provider (ElevenlabsVoiceProvider): Always `elevenlabs`.
        credential_id (None | str | Unset): Your own account with the provider, as stored with VoiceOS. With null,
            VoiceOS's is used and the conversation's cost includes it. Default: None.
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

    provider: ElevenlabsVoiceProvider = ElevenlabsVoiceProvider.ELEVENLABS
    credential_id: None | str | Unset = UNSET
    voice_id: ElevenlabsVoiceId | None | str | Unset = UNSET
    model_id: ElevenlabsModelId | None | Unset = UNSET
    optimize_latency: int | None | Unset = UNSET
    use_speaker_boost: bool | None | Unset = UNSET
    similarity_boost: float | None | Unset = UNSET
    stability: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider = member_value(self.provider)

        credential_id: None | str | Unset
        if isinstance(self.credential_id, Unset):
            credential_id = UNSET
        else:
            credential_id = self.credential_id

        voice_id: None | str | Unset
        if isinstance(self.voice_id, Unset):
            voice_id = UNSET
        elif isinstance(self.voice_id, ElevenlabsVoiceId):
            voice_id = member_value(self.voice_id)
        else:
            voice_id = self.voice_id

        model_id: None | str | Unset
        if isinstance(self.model_id, Unset):
            model_id = UNSET
        elif isinstance(self.model_id, ElevenlabsModelId):
            model_id = member_value(self.model_id)
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
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        provider = ElevenlabsVoiceProvider(d.pop("provider"))

        def _parse_credential_id(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            credential_id_type_0 = as_str(data)

            return credential_id_type_0

        credential_id = _parse_credential_id(d.pop("credential_id", UNSET))

        def _parse_voice_id(data: Any) -> ElevenlabsVoiceId | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if is_member(data, ElevenlabsVoiceId):
                return ElevenlabsVoiceId(data)
            voice_id_type_1 = as_str(data)

            return voice_id_type_1

        voice_id = _parse_voice_id(d.pop("voice_id", UNSET))

        def _parse_model_id(data: Any) -> ElevenlabsModelId | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return ElevenlabsModelId(data)

        model_id = _parse_model_id(d.pop("model_id", UNSET))

        def _parse_optimize_latency(data: Any) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            optimize_latency_type_0 = as_int(data)

            return optimize_latency_type_0

        optimize_latency = _parse_optimize_latency(d.pop("optimize_latency", UNSET))

        def _parse_use_speaker_boost(data: Any) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            use_speaker_boost_type_0 = as_bool(data)

            return use_speaker_boost_type_0

        use_speaker_boost = _parse_use_speaker_boost(d.pop("use_speaker_boost", UNSET))

        def _parse_similarity_boost(data: Any) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            similarity_boost_type_0 = as_float(data)

            return similarity_boost_type_0

        similarity_boost = _parse_similarity_boost(d.pop("similarity_boost", UNSET))

        def _parse_stability(data: Any) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            stability_type_0 = as_float(data)

            return stability_type_0

        stability = _parse_stability(d.pop("stability", UNSET))

        _instance = cls(
            provider=provider,
            credential_id=credential_id,
            voice_id=voice_id,
            model_id=model_id,
            optimize_latency=optimize_latency,
            use_speaker_boost=use_speaker_boost,
            similarity_boost=similarity_boost,
            stability=stability,
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
