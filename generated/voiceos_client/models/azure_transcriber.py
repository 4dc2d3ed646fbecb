from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.azure_language import AzureLanguage
from ..models.azure_transcriber_provider import AzureTranscriberProvider
from ..types import UNSET, Unset

T = TypeVar("T", bound="AzureTranscriber")


@_attrs_define
class AzureTranscriber:
    """Transcription by Azure.

    Attributes:
        provider (AzureTranscriberProvider): Always `azure`.
        credential_id (None | str | Unset): Your own account with the provider, as stored with VoiceOS. With null,
            VoiceOS's is used and the conversation's cost includes it.
        languages (list[AzureLanguage | str] | None | Unset): The languages that the person may speak. Codes beyond the
            known ones are accepted too.
    """

    provider: AzureTranscriberProvider
    credential_id: None | str | Unset = UNSET
    languages: list[AzureLanguage | str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider = self.provider.value

        credential_id: None | str | Unset
        if isinstance(self.credential_id, Unset):
            credential_id = UNSET
        else:
            credential_id = self.credential_id

        languages: list[str] | None | Unset
        if isinstance(self.languages, Unset):
            languages = UNSET
        elif isinstance(self.languages, list):
            languages = []
            for languages_type_0_item_data in self.languages:
                languages_type_0_item: str
                if isinstance(languages_type_0_item_data, AzureLanguage):
                    languages_type_0_item = languages_type_0_item_data.value
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
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        provider = AzureTranscriberProvider(d.pop("provider"))

        def _parse_credential_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        credential_id = _parse_credential_id(d.pop("credential_id", UNSET))

        def _parse_languages(data: object) -> list[AzureLanguage | str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                languages_type_0 = []
                _languages_type_0 = data
                for languages_type_0_item_data in _languages_type_0:

                    def _parse_languages_type_0_item(data: object) -> AzureLanguage | str:
                        try:
                            if not isinstance(data, str):
                                raise TypeError()
                            languages_type_0_item_type_0 = AzureLanguage(data)

                            return languages_type_0_item_type_0
                        except (TypeError, ValueError, AttributeError, KeyError):
                            pass
                        return cast(AzureLanguage | str, data)

                    languages_type_0_item = _parse_languages_type_0_item(languages_type_0_item_data)

                    languages_type_0.append(languages_type_0_item)

                return languages_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[AzureLanguage | str] | None | Unset, data)

        languages = _parse_languages(d.pop("languages", UNSET))

        azure_transcriber = cls(
            provider=provider,
            credential_id=credential_id,
            languages=languages,
        )

        azure_transcriber.additional_properties = d
        return azure_transcriber

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
