from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.deepgram_voice_model import DeepgramVoiceModel
from ..models.deepgram_voice_provider import DeepgramVoiceProvider
from ..types import (
    UNSET,
    Unset,
    as_object,
    as_str,
    is_member,
    member_value,
)


@_attrs_define(kw_only=True)
class DeepgramVoice:
    """A voice by Deepgram.

    Attributes:
        provider (DeepgramVoiceProvider): Always `deepgram`.
        credential_id (None | str | Unset): Your own account with the provider, as stored with VoiceOS. With null,
            VoiceOS's is used and the conversation's cost includes it. Default: None.
        model (DeepgramVoiceModel | None | str | Unset): The voice's name. Names beyond the known ones are accepted too.
    """

    provider: DeepgramVoiceProvider = DeepgramVoiceProvider.DEEPGRAM
    credential_id: None | str | Unset = UNSET
    model: DeepgramVoiceModel | None | str | Unset = UNSET
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
        elif isinstance(self.model, DeepgramVoiceModel):
            model = member_value(self.model)
        else:
            model = self.model

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

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        provider = DeepgramVoiceProvider(d.pop("provider"))

        def _parse_credential_id(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            credential_id_type_0 = as_str(data)

            return credential_id_type_0

        credential_id = _parse_credential_id(d.pop("credential_id", UNSET))

        def _parse_model(data: Any) -> DeepgramVoiceModel | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if is_member(data, DeepgramVoiceModel):
                return DeepgramVoiceModel(data)
            model_type_1 = as_str(data)

            return model_type_1

        model = _parse_model(d.pop("model", UNSET))

        _instance = cls(
            provider=provider,
            credential_id=credential_id,
            model=model,
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
