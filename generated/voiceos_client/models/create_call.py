from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    Unset,
    as_object,
    as_str,
    to_json_object,
)

if TYPE_CHECKING:
    from ..models.agent_configuration import AgentConfiguration


@_attrs_define(kw_only=True)
class CreateCall:
    """Which number to ring, from which, and with which agent.

    Attributes:
        from_number (str): The caller's number. It must belong to the account.
        to_number (str): The number to ring, with its country code.
        agent_id (None | str | Unset): The stored agent that speaks. With null, `agent_config` describes the agent.
            Default: None.
        agent_config (AgentConfiguration | None | Unset): The agent that speaks, described on the spot. With null,
            `agent_id` names it. Default: None.
    """

    from_number: str
    to_number: str
    agent_id: None | str | Unset = UNSET
    agent_config: AgentConfiguration | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.agent_configuration import AgentConfiguration  # noqa: PLC0415

        from_number = self.from_number

        to_number = self.to_number

        agent_id: None | str | Unset
        if isinstance(self.agent_id, Unset):
            agent_id = UNSET
        else:
            agent_id = self.agent_id

        agent_config: dict[str, Any] | None | Unset
        if isinstance(self.agent_config, Unset):
            agent_config = UNSET
        elif isinstance(self.agent_config, AgentConfiguration):
            agent_config = to_json_object(self.agent_config)
        else:
            agent_config = self.agent_config

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "from_number": from_number,
                "to_number": to_number,
            }
        )
        if agent_id is not UNSET:
            field_dict["agent_id"] = agent_id
        if agent_config is not UNSET:
            field_dict["agent_config"] = agent_config

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.agent_configuration import AgentConfiguration  # noqa: PLC0415

        d = as_object(src_dict)
        from_number = as_str(d.pop("from_number"))

        to_number = as_str(d.pop("to_number"))

        def _parse_agent_id(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            agent_id_type_0 = as_str(data)

            return agent_id_type_0

        agent_id = _parse_agent_id(d.pop("agent_id", UNSET))

        def _parse_agent_config(data: Any) -> AgentConfiguration | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            agent_config_type_0 = AgentConfiguration.from_dict(data)

            return agent_config_type_0

        agent_config = _parse_agent_config(d.pop("agent_config", UNSET))

        _instance = cls(
            from_number=from_number,
            to_number=to_number,
            agent_id=agent_id,
            agent_config=agent_config,
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
