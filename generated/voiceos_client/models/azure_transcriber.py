from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.azure_language import AzureLanguage
from ..models.azure_transcriber_provider import AzureTranscriberProvider
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
class AzureTranscriber:
    """Transcription by Azure.

    Attributes:
        provider (AzureTranscriberProvider): Always `azure`.
        credential_id (None | str | Unset): Your own account with the provider, as stored with VoiceOS. With null,
            VoiceOS's is used and the conversation's cost includes it. Default: None.
        languages (list[AzureLanguage | str] | None | Unset): The languages that the person may speak. Codes beyond the
            known ones are accepted too. Default: ['en-US'].
    """

    provider: AzureTranscriberProvider = AzureTranscriberProvider.AZURE
    credential_id: None | str | Unset = UNSET
    languages: list[AzureLanguage | str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider = member_value(self.provider)

        credential_id: None | str | Unset
        if isinstance(self.credential_id, Unset):
            credential_id = UNSET
        else:
            credential_id = self.credential_id

        languages: list[str] | None | Unset
        if isinstance(self.languages, Unset):
            languages = UNSET
        elif isinstance(self.languages, list):
            languages = list[Any]()
            for languages_type_0_item_data in self.languages:
                languages_type_0_item: str
                if isinstance(languages_type_0_item_data, AzureLanguage):
                    languages_type_0_item = member_value(languages_type_0_item_data)
                else:
                    languages_type_0_item = languages_type_0_item_data

                languages.append(languages_type_0_item)

        else:
            languages = self.languages

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "provider": provider,
            }
        )
        if credential_id is not UNSET:
            field_dict["credential_id"] = credential_id
        if languages is not UNSET:
            field_dict["languages"] = languages

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        provider = AzureTranscriberProvider(d.pop("provider"))

        def _parse_credential_id(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            credential_id_type_0 = as_str(data)

            return credential_id_type_0

        credential_id = _parse_credential_id(d.pop("credential_id", UNSET))

        def _parse_languages(data: Any) -> list[AzureLanguage | str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            languages_type_0: list[AzureLanguage | str] = []
            for languages_type_0_item_data in as_list(data):

                def _parse_languages_type_0_item(data: Any) -> AzureLanguage | str:
                    if is_member(data, AzureLanguage):
                        return AzureLanguage(data)
                    languages_type_0_item_type_1 = as_str(data)

                    return languages_type_0_item_type_1

                languages_type_0_item = _parse_languages_type_0_item(languages_type_0_item_data)

                languages_type_0.append(languages_type_0_item)

            return languages_type_0

        languages = _parse_languages(d.pop("languages", UNSET))

        _instance = cls(
            provider=provider,
            credential_id=credential_id,
            languages=languages,
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
