from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    as_int,
    as_list,
    as_object,
    as_str,
)


@_attrs_define(kw_only=True)
class ValidationError:
    """One thing that is wrong with a request body.

    Attributes:
        loc (list[int | str]): Where it is: the path into the request, names and array positions.
        msg (str): What is wrong, in words.
        type_ (str): What kind of error it is.
    """

    loc: list[int | str]
    msg: str
    type_: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        loc = list[Any]()
        for loc_item_data in self.loc:
            loc_item: int | str
            loc_item = loc_item_data

            loc.append(loc_item)

        msg = self.msg

        type_ = self.type_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "loc": loc,
                "msg": msg,
                "type": type_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        loc: list[int | str] = []
        for loc_item_data in as_list(d.pop("loc")):

            def _parse_loc_item(data: Any) -> int | str:
                try:
                    loc_item_type_0 = as_str(data)

                    return loc_item_type_0
                except (AttributeError, KeyError, TypeError, ValueError):
                    pass
                loc_item_type_1 = as_int(data)

                return loc_item_type_1

            loc_item = _parse_loc_item(loc_item_data)

            loc.append(loc_item)

        msg = as_str(d.pop("msg"))

        type_ = as_str(d.pop("type"))

        _instance = cls(
            loc=loc,
            msg=msg,
            type_=type_,
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
