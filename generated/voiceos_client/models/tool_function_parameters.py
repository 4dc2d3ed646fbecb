from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.tool_function_parameters_type import ToolFunctionParametersType
from ..types import (
    UNSET,
    Unset,
    as_list,
    as_object,
    as_str,
    member_value,
    to_json_object,
)

if TYPE_CHECKING:
    from ..models.tool_function_properties import ToolFunctionProperties


@_attrs_define(kw_only=True)
class ToolFunctionParameters:
    """The arguments of a function, in the manner of a JSON Schema of type object.

    Attributes:
        properties (ToolFunctionProperties): A JSON Schema for each argument, by the argument's name.
        type_ (None | ToolFunctionParametersType | Unset): Always `object`.
        required (list[str] | None | Unset): The names of the arguments that the model must give.
    """

    properties: ToolFunctionProperties
    type_: None | ToolFunctionParametersType | Unset = UNSET
    required: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        properties = to_json_object(self.properties)

        type_: None | str | Unset
        if isinstance(self.type_, Unset):
            type_ = UNSET
        elif isinstance(self.type_, ToolFunctionParametersType):
            type_ = member_value(self.type_)
        else:
            type_ = self.type_

        required: list[str] | None | Unset
        if isinstance(self.required, Unset):
            required = UNSET
        elif isinstance(self.required, list):
            required = self.required

        else:
            required = self.required

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "properties": properties,
            }
        )
        if type_ is not UNSET:
            field_dict["type"] = type_
        if required is not UNSET:
            field_dict["required"] = required

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.tool_function_properties import ToolFunctionProperties  # noqa: PLC0415

        d = as_object(src_dict)
        properties = ToolFunctionProperties.from_dict(d.pop("properties"))

        def _parse_type_(data: Any) -> None | ToolFunctionParametersType | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return ToolFunctionParametersType(data)

        type_ = _parse_type_(d.pop("type", UNSET))

        def _parse_required(data: Any) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            required_type_0: list[str] = []
            for required_type_0_item_data in as_list(data):
                required_type_0_item = as_str(required_type_0_item_data)

                required_type_0.append(required_type_0_item)

            return required_type_0

        required = _parse_required(d.pop("required", UNSET))

        _instance = cls(
            properties=properties,
            type_=type_,
            required=required,
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
