from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.tool_type import ToolType
from ..types import (
    as_object,
    member_value,
    to_json_object,
)

if TYPE_CHECKING:
    from ..models.tool_function import ToolFunction


@_attrs_define(kw_only=True)
class Tool:
    """Something that the language model may use. The only type is a function.

    Attributes:
        type_ (ToolType): Always `function`.
        function (ToolFunction): The function that the model may call.
    """

    type_: ToolType = ToolType.FUNCTION
    function: ToolFunction
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = member_value(self.type_)

        function = to_json_object(self.function)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "function": function,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.tool_function import ToolFunction  # noqa: PLC0415

        d = as_object(src_dict)
        type_ = ToolType(d.pop("type"))

        function = ToolFunction.from_dict(d.pop("function"))

        _instance = cls(
            type_=type_,
            function=function,
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
