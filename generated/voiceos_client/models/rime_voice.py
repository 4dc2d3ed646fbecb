from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.rime_speaker import RimeSpeaker
from ..models.rime_voice_provider import RimeVoiceProvider
from ..types import (
    UNSET,
    Unset,
    as_bool,
    as_float,
    as_object,
    as_str,
    is_member,
    member_value,
)


@_attrs_define(kw_only=True)
class RimeVoice:
    """A voice by Rime.

    Attributes:
        provider (RimeVoiceProvider): Always `rime`.
        credential_id (None | str | Unset): Your own account with the provider, as stored with VoiceOS. With null,
            VoiceOS's is used and the conversation's cost includes it. Default: None.
        speaker (None | RimeSpeaker | str | Unset): The voice's name. Names beyond the known ones are accepted too.
        speed_alpha (float | None | Unset): How slowly the voice speaks, from 0.5 to 2; a lower number is faster.
            Default: 1.0.
        reduce_latency (bool | None | Unset): Whether quality may give way to speed. Default: False.
    """

    provider: RimeVoiceProvider = RimeVoiceProvider.RIME
    credential_id: None | str | Unset = UNSET
    speaker: None | RimeSpeaker | str | Unset = UNSET
    speed_alpha: float | None | Unset = UNSET
    reduce_latency: bool | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider = member_value(self.provider)

        credential_id: None | str | Unset
        if isinstance(self.credential_id, Unset):
            credential_id = UNSET
        else:
            credential_id = self.credential_id

        speaker: None | str | Unset
        if isinstance(self.speaker, Unset):
            speaker = UNSET
        elif isinstance(self.speaker, RimeSpeaker):
            speaker = member_value(self.speaker)
        else:
            speaker = self.speaker

        speed_alpha: float | None | Unset
        if isinstance(self.speed_alpha, Unset):
            speed_alpha = UNSET
        else:
            speed_alpha = self.speed_alpha

        reduce_latency: bool | None | Unset
        if isinstance(self.reduce_latency, Unset):
            reduce_latency = UNSET
        else:
            reduce_latency = self.reduce_latency

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "provider": provider,
            }
        )
        if credential_id is not UNSET:
            field_dict["credential_id"] = credential_id
        if speaker is not UNSET:
            field_dict["speaker"] = speaker
        if speed_alpha is not UNSET:
            field_dict["speed_alpha"] = speed_alpha
        if reduce_latency is not UNSET:
            field_dict["reduce_latency"] = reduce_latency

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        provider = RimeVoiceProvider(d.pop("provider"))

        def _parse_credential_id(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            credential_id_type_0 = as_str(data)

            return credential_id_type_0

        credential_id = _parse_credential_id(d.pop("credential_id", UNSET))

        def _parse_speaker(data: Any) -> None | RimeSpeaker | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if is_member(data, RimeSpeaker):
                return RimeSpeaker(data)
            speaker_type_1 = as_str(data)

            return speaker_type_1

        speaker = _parse_speaker(d.pop("speaker", UNSET))

        def _parse_speed_alpha(data: Any) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            speed_alpha_type_0 = as_float(data)

            return speed_alpha_type_0

        speed_alpha = _parse_speed_alpha(d.pop("speed_alpha", UNSET))

        def _parse_reduce_latency(data: Any) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            reduce_latency_type_0 = as_bool(data)

            return reduce_latency_type_0

        reduce_latency = _parse_reduce_latency(d.pop("reduce_latency", UNSET))

        _instance = cls(
            provider=provider,
            credential_id=credential_id,
            speaker=speaker,
            speed_alpha=speed_alpha,
            reduce_latency=reduce_latency,
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
