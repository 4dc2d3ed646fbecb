from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.language_model_name import LanguageModelName
from ..models.language_model_provider import LanguageModelProvider
from ..types import (
    UNSET,
    Unset,
    as_float,
    as_int,
    as_list,
    as_object,
    as_str,
    is_member,
    member_value,
    to_json_object,
)

if TYPE_CHECKING:
    from ..models.tool import Tool


@_attrs_define(kw_only=True)
class LanguageModel:
    """A language model by OpenAI.

    Attributes:
        provider (LanguageModelProvider): Always `openai`.
        credential_id (None | str | Unset): Your own account with the provider, as stored with VoiceOS. With null,
            VoiceOS's is used and the conversation's cost includes it. Default: None.
        model (LanguageModelName | None | str | Unset): The model's name. Names beyond the known ones are accepted too.
        tools (list[Tool] | None | Unset): Functions that the model may call.
        temperature (float | None | Unset): How much the model's answers vary, from 0 (least) to 2. Default: 0.0.
        max_tokens (int | None | Unset): The most tokens that one answer of the model may have. Default: 300.
    """

    provider: LanguageModelProvider = LanguageModelProvider.OPENAI
    credential_id: None | str | Unset = UNSET
    model: LanguageModelName | None | str | Unset = UNSET
    tools: list[Tool] | None | Unset = UNSET
    temperature: float | None | Unset = UNSET
    max_tokens: int | None | Unset = UNSET
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
        elif isinstance(self.model, LanguageModelName):
            model = member_value(self.model)
        else:
            model = self.model

        tools: list[dict[str, Any]] | None | Unset
        if isinstance(self.tools, Unset):
            tools = UNSET
        elif isinstance(self.tools, list):
            tools = list[Any]()
            for tools_type_0_item_data in self.tools:
                tools_type_0_item = to_json_object(tools_type_0_item_data)
                tools.append(tools_type_0_item)

        else:
            tools = self.tools

        temperature: float | None | Unset
        if isinstance(self.temperature, Unset):
            temperature = UNSET
        else:
            temperature = self.temperature

        max_tokens: int | None | Unset
        if isinstance(self.max_tokens, Unset):
            max_tokens = UNSET
        else:
            max_tokens = self.max_tokens

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
        if tools is not UNSET:
            field_dict["tools"] = tools
        if temperature is not UNSET:
            field_dict["temperature"] = temperature
        if max_tokens is not UNSET:
            field_dict["max_tokens"] = max_tokens

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.tool import Tool  # noqa: PLC0415

        d = as_object(src_dict)
        provider = LanguageModelProvider(d.pop("provider"))

        def _parse_credential_id(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            credential_id_type_0 = as_str(data)

            return credential_id_type_0

        credential_id = _parse_credential_id(d.pop("credential_id", UNSET))

        def _parse_model(data: Any) -> LanguageModelName | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if is_member(data, LanguageModelName):
                return LanguageModelName(data)
            model_type_1 = as_str(data)

            return model_type_1

        model = _parse_model(d.pop("model", UNSET))

        def _parse_tools(data: Any) -> list[Tool] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            tools_type_0: list[Tool] = []
            for tools_type_0_item_data in as_list(data):
                tools_type_0_item = Tool.from_dict(tools_type_0_item_data)

                tools_type_0.append(tools_type_0_item)

            return tools_type_0

        tools = _parse_tools(d.pop("tools", UNSET))

        def _parse_temperature(data: Any) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            temperature_type_0 = as_float(data)

            return temperature_type_0

        temperature = _parse_temperature(d.pop("temperature", UNSET))

        def _parse_max_tokens(data: Any) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            max_tokens_type_0 = as_int(data)

            return max_tokens_type_0

        max_tokens = _parse_max_tokens(d.pop("max_tokens", UNSET))

        _instance = cls(
            provider=provider,
            credential_id=credential_id,
            model=model,
            tools=tools,
            temperature=temperature,
            max_tokens=max_tokens,
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
