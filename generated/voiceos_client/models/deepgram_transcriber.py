from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.deepgram_language import DeepgramLanguage
from ..models.deepgram_transcriber_model import DeepgramTranscriberModel
from ..models.deepgram_transcriber_provider import DeepgramTranscriberProvider
from ..types import UNSET, Unset

T = TypeVar("T", bound="DeepgramTranscriber")


@_attrs_define
class DeepgramTranscriber:
    """Transcription by Deepgram.

    Attributes:
        provider (DeepgramTranscriberProvider): Always `deepgram`.
        credential_id (None | str | Unset): Your own account with the provider, as stored with VoiceOS. With null,
            VoiceOS's is used and the conversation's cost includes it.
        model (DeepgramTranscriberModel | None | str | Unset): The transcription model's name. Names beyond the known
            ones are accepted too.
        language (DeepgramLanguage | None | str | Unset): The language that the person speaks. Codes beyond the known
            ones are accepted too.
        keywords (list[str] | None | Unset): Words to listen for with particular care.
    """

    provider: DeepgramTranscriberProvider
    credential_id: None | str | Unset = UNSET
    model: DeepgramTranscriberModel | None | str | Unset = UNSET
    language: DeepgramLanguage | None | str | Unset = UNSET
    keywords: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider = self.provider.value

        credential_id: None | str | Unset
        if isinstance(self.credential_id, Unset):
            credential_id = UNSET
        else:
            credential_id = self.credential_id

        model: None | str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        elif isinstance(self.model, DeepgramTranscriberModel):
            model = self.model.value
        else:
            model = self.model

        language: None | str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, DeepgramLanguage):
            language = self.language.value
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
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        provider = DeepgramTranscriberProvider(d.pop("provider"))

        def _parse_credential_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        credential_id = _parse_credential_id(d.pop("credential_id", UNSET))

        def _parse_model(data: object) -> DeepgramTranscriberModel | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_0 = DeepgramTranscriberModel(data)

                return model_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeepgramTranscriberModel | None | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        def _parse_language(data: object) -> DeepgramLanguage | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                language_type_0 = DeepgramLanguage(data)

                return language_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeepgramLanguage | None | str | Unset, data)

        language = _parse_language(d.pop("language", UNSET))

        def _parse_keywords(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                keywords_type_0 = cast(list[str], data)

                return keywords_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        keywords = _parse_keywords(d.pop("keywords", UNSET))

        deepgram_transcriber = cls(
            provider=provider,
            credential_id=credential_id,
            model=model,
            language=language,
            keywords=keywords,
        )

        deepgram_transcriber.additional_properties = d
        return deepgram_transcriber

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
