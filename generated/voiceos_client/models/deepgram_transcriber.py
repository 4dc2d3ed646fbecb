from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.deepgram_language import DeepgramLanguage
from ..models.deepgram_transcriber_model import DeepgramTranscriberModel
from ..models.deepgram_transcriber_provider import DeepgramTranscriberProvider
from ..types import (
    UNSET,
    Unset,
    as_list,
    as_object,
    as_str,
    is_member,
    member_value,
)


@_attrs_define(kw_only=True)
class DeepgramTranscriber:
    """Transcription by Deepgram.

    Attributes:
        provider (DeepgramTranscriberProvider): Always `deepgram`.
        credential_id (None | str | Unset): Your own account with the provider, as stored with VoiceOS. With null,
            VoiceOS's is used and the conversation's cost includes it. Default: None.
        model (DeepgramTranscriberModel | None | str | Unset): The transcription model's name. Names beyond the known
            ones are accepted too.
        language (DeepgramLanguage | None | str | Unset): The language that the person speaks. Codes beyond the known
            ones are accepted too.
        keywords (list[str] | None | Unset): Words to listen for with particular care. Default: [].
    """

    provider: DeepgramTranscriberProvider = DeepgramTranscriberProvider.DEEPGRAM
    credential_id: None | str | Unset = UNSET
    model: DeepgramTranscriberModel | None | str | Unset = UNSET
    language: DeepgramLanguage | None | str | Unset = UNSET
    keywords: list[str] | None | Unset = UNSET
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
        elif isinstance(self.model, DeepgramTranscriberModel):
            model = member_value(self.model)
        else:
            model = self.model

        language: None | str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, DeepgramLanguage):
            language = member_value(self.language)
        else:
            language = self.language

        keywords: list[str] | None | Unset
        if isinstance(self.keywords, Unset):
            keywords = UNSET
        elif isinstance(self.keywords, list):
            keywords = self.keywords

        else:
            keywords = self.keywords

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
        if language is not UNSET:
            field_dict["language"] = language
        if keywords is not UNSET:
            field_dict["keywords"] = keywords

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        provider = DeepgramTranscriberProvider(d.pop("provider"))

        def _parse_credential_id(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            credential_id_type_0 = as_str(data)

            return credential_id_type_0

        credential_id = _parse_credential_id(d.pop("credential_id", UNSET))

        def _parse_model(data: Any) -> DeepgramTranscriberModel | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if is_member(data, DeepgramTranscriberModel):
                return DeepgramTranscriberModel(data)
            model_type_1 = as_str(data)

            return model_type_1

        model = _parse_model(d.pop("model", UNSET))

        def _parse_language(data: Any) -> DeepgramLanguage | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if is_member(data, DeepgramLanguage):
                return DeepgramLanguage(data)
            language_type_1 = as_str(data)

            return language_type_1

        language = _parse_language(d.pop("language", UNSET))

        def _parse_keywords(data: Any) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            keywords_type_0: list[str] = []
            for keywords_type_0_item_data in as_list(data):
                keywords_type_0_item = as_str(keywords_type_0_item_data)

                keywords_type_0.append(keywords_type_0_item)

            return keywords_type_0

        keywords = _parse_keywords(d.pop("keywords", UNSET))

        _instance = cls(
            provider=provider,
            credential_id=credential_id,
            model=model,
            language=language,
            keywords=keywords,
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
