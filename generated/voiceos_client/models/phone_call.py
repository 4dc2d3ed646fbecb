from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.telephony_provider import TelephonyProvider

T = TypeVar("T", bound="PhoneCall")


@_attrs_define
class PhoneCall:
    """The telephone side of a conversation.

    Attributes:
        provider (TelephonyProvider): The telephone companies that carry calls.
        to_number (str): The number that was rung.
        from_number (str): The caller's number.
    """

    provider: TelephonyProvider
    to_number: str
    from_number: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider = self.provider.value

        to_number = self.to_number

        from_number = self.from_number

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "provider": provider,
                "to_number": to_number,
                "from_number": from_number,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        provider = TelephonyProvider(d.pop("provider"))

        to_number = d.pop("to_number")

        from_number = d.pop("from_number")

        phone_call = cls(
            provider=provider,
            to_number=to_number,
            from_number=from_number,
        )

        phone_call.additional_properties = d
        return phone_call

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
