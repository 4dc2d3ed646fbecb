from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.agent_provider import AgentProvider
from ..types import (
    as_float,
    as_object,
    member_value,
)


@_attrs_define(kw_only=True)
class AgentCost:
    """What VoiceOS's own service cost.

    Attributes:
        provider (AgentProvider): Always VoiceOS itself.
        cost (float): The price, in US dollars.
        seconds (float): How long the agent was at work, in seconds.
    """

    provider: AgentProvider
    cost: float
    seconds: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider = member_value(self.provider)

        cost = self.cost

        seconds = self.seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "provider": provider,
                "cost": cost,
                "seconds": seconds,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        provider = AgentProvider(d.pop("provider"))

        cost = as_float(d.pop("cost"))

        seconds = as_float(d.pop("seconds"))

        _instance = cls(
            provider=provider,
            cost=cost,
            seconds=seconds,
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
