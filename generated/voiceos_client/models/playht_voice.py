from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.playht_voice_model import PlayhtVoiceModel
from ..models.playht_voice_provider import PlayhtVoiceProvider
from ..types import (
    UNSET,
    Unset,
    as_float,
    as_object,
    as_str,
    is_member,
    member_value,
)


@_attrs_define(kw_only=True)
class PlayhtVoice:
    """A voice by PlayHT.

    Attributes:
        provider (PlayhtVoiceProvider): Always `playht`.
        credential_id (None | str | Unset): Your own account with the provider, as stored with VoiceOS. With null,
            VoiceOS's is used and the conversation's cost includes it. Default: None.
        model (None | PlayhtVoiceModel | str | Unset): The voice's name. Names beyond the known ones are accepted too.
        speed (float | None | Unset): How fast the voice speaks, as a multiple of its usual speed. Default: 1.0.
        temperature (float | None | Unset): How much the voice varies. With null, the model's own default holds.
        text_guidance (float | None | Unset): How closely the voice keeps to the text.
        style_guidance (float | None | Unset): How strongly the voice shows emotion; a lower number is weaker.
    """

    provider: PlayhtVoiceProvider = PlayhtVoiceProvider.PLAYHT
    credential_id: None | str | Unset = UNSET
    model: None | PlayhtVoiceModel | str | Unset = UNSET
    speed: float | None | Unset = UNSET
    temperature: float | None | Unset = UNSET
    text_guidance: float | None | Unset = UNSET
    style_guidance: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider = member_value(self.provider)

        credential_id: None | str | Unset
        if isinstance(self.credential_id, Unset):
            credential_id = UNSET
        else:
            credential_id = self.credential_id

        model: None | str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        elif isinstance(self.model, PlayhtVoiceModel):
            model = member_value(self.model)
        else:
            model = self.model

        speed: float | None | Unset
        if isinstance(self.speed, Unset):
            speed = UNSET
        else:
            speed = self.speed

        temperature: float | None | Unset
        if isinstance(self.temperature, Unset):
            temperature = UNSET
        else:
            temperature = self.temperature

        text_guidance: float | None | Unset
        if isinstance(self.text_guidance, Unset):
            text_guidance = UNSET
        else:
            text_guidance = self.text_guidance

        style_guidance: float | None | Unset
        if isinstance(self.style_guidance, Unset):
            style_guidance = UNSET
        else:
            style_guidance = self.style_guidance

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "provider": provider,
            }
        )
        if credential_id is not UNSET:
            field_dict["credential_id"] = credential_id
        if model is not UNSET:
            field_dict["model"] = model
        if speed is not UNSET:
            field_dict["speed"] = speed
        if temperature is not UNSET:
            field_dict["temperature"] = temperature
        if text_guidance is not UNSET:
            field_dict["text_guidance"] = text_guidance
        if style_guidance is not UNSET:
            field_dict["style_guidance"] = style_guidance

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        provider = PlayhtVoiceProvider(d.pop("provider"))

        def _parse_credential_id(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            credential_id_type_0 = as_str(data)

            return credential_id_type_0

        credential_id = _parse_credential_id(d.pop("credential_id", UNSET))

        def _parse_model(data: Any) -> None | PlayhtVoiceModel | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if is_member(data, PlayhtVoiceModel):
                return PlayhtVoiceModel(data)
            model_type_1 = as_str(data)

            return model_type_1

        model = _parse_model(d.pop("model", UNSET))

        def _parse_speed(data: Any) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            speed_type_0 = as_float(data)

            return speed_type_0

        speed = _parse_speed(d.pop("speed", UNSET))

        def _parse_temperature(data: Any) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            temperature_type_0 = as_float(data)

            return temperature_type_0

        temperature = _parse_temperature(d.pop("temperature", UNSET))

        def _parse_text_guidance(data: Any) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            text_guidance_type_0 = as_float(data)

            return text_guidance_type_0

        text_guidance = _parse_text_guidance(d.pop("text_guidance", UNSET))

        def _parse_style_guidance(data: Any) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            style_guidance_type_0 = as_float(data)

            return style_guidance_type_0

        style_guidance = _parse_style_guidance(d.pop("style_guidance", UNSET))

        _instance = cls(
            provider=provider,
            credential_id=credential_id,
            model=model,
            speed=speed,
            temperature=temperature,
            text_guidance=text_guidance,
            style_guidance=style_guidance,
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
