from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    as_object,
    as_str,
    to_json_object,
)

if TYPE_CHECKING:
    from ..models.tool_function_parameters import ToolFunctionParameters


@_attrs_define(kw_only=True)
class ToolFunction:
    """A function that the language model may call.

    Attributes:
        name (str): What the model calls the function. Letters, digits and underscores, fewer than 64 of them.
        description (str): What the function does, for the model to decide when to call it.
        parameters (ToolFunctionParameters): The arguments that the function takes.
    """

    name: str
    description: str
    parameters: ToolFunctionParameters
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        description = self.description

        parameters = to_json_object(self.parameters)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "description": description,
                "parameters": parameters,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.tool_function_parameters import ToolFunctionParameters  # noqa: PLC0415

        d = as_object(src_dict)
        name = as_str(d.pop("name"))

        description = as_str(d.pop("description"))

        parameters = ToolFunctionParameters.from_dict(d.pop("parameters"))

        _instance = cls(
            name=name,
            description=description,
            parameters=parameters,
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
