from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..date_time import date_time_text
from ..models.conversation_status import ConversationStatus
from ..models.conversation_type import ConversationType
from ..models.ended_reason import EndedReason
from ..types import (
    UNSET,
    Unset,
    as_datetime,
    as_list,
    as_object,
    as_str,
    member_value,
    to_json_object,
)

if TYPE_CHECKING:
    from ..models.agent_configuration import AgentConfiguration
    from ..models.conversation_cost import ConversationCost
    from ..models.message import Message
    from ..models.phone_call import PhoneCall


@_attrs_define(kw_only=True)
class ConversationResponse:
    """A conversation between an agent and a person.

    Attributes:
        uri (str): Where the conversation is found.
        type_ (ConversationType): How the conversation came about.
        account_id (str): The account that the conversation belongs to.
        status (ConversationStatus): How far the conversation has come.
        agent_config (AgentConfiguration): The configuration that the agent speaks with.
        id (str): The conversation's own id.
        started_at (datetime.datetime | None | Unset): When the conversation started.
        ended_at (datetime.datetime | None | Unset): When the conversation ended; null as long as it has not.
        agent_id (None | str | Unset): The stored agent that speaks; null when there is none.
        messages (list[Message] | Unset): What was said so far. Default: [].
        phone_call (None | PhoneCall | Unset): The call's numbers; null for a conversation over the web.
        ended_reason (EndedReason | None | Unset): Why the conversation ended; null as long as it has not.
        cost_breakdown (ConversationCost | None | Unset): What the conversation cost, part by part, in US dollars.
    """

    uri: str
    type_: ConversationType
    account_id: str
    status: ConversationStatus
    agent_config: AgentConfiguration
    id: str
    started_at: datetime.datetime | None | Unset = UNSET
    ended_at: datetime.datetime | None | Unset = UNSET
    agent_id: None | str | Unset = UNSET
    messages: list[Message] | Unset = UNSET
    phone_call: None | PhoneCall | Unset = UNSET
    ended_reason: EndedReason | None | Unset = UNSET
    cost_breakdown: ConversationCost | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.conversation_cost import ConversationCost  # noqa: PLC0415
        from ..models.phone_call import PhoneCall  # noqa: PLC0415

        uri = self.uri

        type_ = member_value(self.type_)

        account_id = self.account_id

        status = member_value(self.status)

        agent_config = to_json_object(self.agent_config)

        id = self.id

        started_at: None | str | Unset
        if isinstance(self.started_at, Unset):
            started_at = UNSET
        elif isinstance(self.started_at, datetime.datetime):
            started_at = date_time_text(self.started_at)
        else:
            started_at = self.started_at

        ended_at: None | str | Unset
        if isinstance(self.ended_at, Unset):
            ended_at = UNSET
        elif isinstance(self.ended_at, datetime.datetime):
            ended_at = date_time_text(self.ended_at)
        else:
            ended_at = self.ended_at

        agent_id: None | str | Unset
        if isinstance(self.agent_id, Unset):
            agent_id = UNSET
        else:
            agent_id = self.agent_id

        messages: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.messages, Unset):
            messages = []
            for messages_item_data in self.messages:
                messages_item = to_json_object(messages_item_data)
                messages.append(messages_item)

        phone_call: dict[str, Any] | None | Unset
        if isinstance(self.phone_call, Unset):
            phone_call = UNSET
        elif isinstance(self.phone_call, PhoneCall):
            phone_call = to_json_object(self.phone_call)
        else:
            phone_call = self.phone_call

        ended_reason: None | str | Unset
        if isinstance(self.ended_reason, Unset):
            ended_reason = UNSET
        elif isinstance(self.ended_reason, EndedReason):
            ended_reason = member_value(self.ended_reason)
        else:
            ended_reason = self.ended_reason

        cost_breakdown: dict[str, Any] | None | Unset
        if isinstance(self.cost_breakdown, Unset):
            cost_breakdown = UNSET
        elif isinstance(self.cost_breakdown, ConversationCost):
            cost_breakdown = to_json_object(self.cost_breakdown)
        else:
            cost_breakdown = self.cost_breakdown

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "uri": uri,
                "type": type_,
                "account_id": account_id,
                "status": status,
                "agent_config": agent_config,
                "id": id,
            }
        )
        if started_at is not UNSET:
            field_dict["started_at"] = started_at
        if ended_at is not UNSET:
            field_dict["ended_at"] = ended_at
        if agent_id is not UNSET:
            field_dict["agent_id"] = agent_id
        if messages is not UNSET:
            field_dict["messages"] = messages
        if phone_call is not UNSET:
            field_dict["phone_call"] = phone_call
        if ended_reason is not UNSET:
            field_dict["ended_reason"] = ended_reason
        if cost_breakdown is not UNSET:
            field_dict["cost_breakdown"] = cost_breakdown

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.agent_configuration import AgentConfiguration  # noqa: PLC0415
        from ..models.conversation_cost import ConversationCost  # noqa: PLC0415
        from ..models.message import Message  # noqa: PLC0415
        from ..models.phone_call import PhoneCall  # noqa: PLC0415

        d = as_object(src_dict)
        uri = as_str(d.pop("uri"))

        type_ = ConversationType(d.pop("type"))

        account_id = as_str(d.pop("account_id"))

        status = ConversationStatus(d.pop("status"))

        agent_config = AgentConfiguration.from_dict(d.pop("agent_config"))

        id = as_str(d.pop("id"))

        def _parse_started_at(data: Any) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            started_at_type_0 = as_datetime(data)

            return started_at_type_0

        started_at = _parse_started_at(d.pop("started_at", UNSET))

        def _parse_ended_at(data: Any) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            ended_at_type_0 = as_datetime(data)

            return ended_at_type_0

        ended_at = _parse_ended_at(d.pop("ended_at", UNSET))

        def _parse_agent_id(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            agent_id_type_0 = as_str(data)

            return agent_id_type_0

        agent_id = _parse_agent_id(d.pop("agent_id", UNSET))

        _messages = d.pop("messages", UNSET)
        messages: list[Message] | Unset = UNSET
        if _messages is not UNSET:
            messages = []
            for messages_item_data in as_list(_messages):
                messages_item = Message.from_dict(messages_item_data)

                messages.append(messages_item)

        def _parse_phone_call(data: Any) -> None | PhoneCall | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            phone_call_type_0 = PhoneCall.from_dict(data)

            return phone_call_type_0

        phone_call = _parse_phone_call(d.pop("phone_call", UNSET))

        def _parse_ended_reason(data: Any) -> EndedReason | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return EndedReason(data)

        ended_reason = _parse_ended_reason(d.pop("ended_reason", UNSET))

        def _parse_cost_breakdown(data: Any) -> ConversationCost | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            cost_breakdown_type_0 = ConversationCost.from_dict(data)

            return cost_breakdown_type_0

        cost_breakdown = _parse_cost_breakdown(d.pop("cost_breakdown", UNSET))

        _instance = cls(
            uri=uri,
            type_=type_,
            account_id=account_id,
            status=status,
            agent_config=agent_config,
            id=id,
            started_at=started_at,
            ended_at=ended_at,
            agent_id=agent_id,
            messages=messages,
            phone_call=phone_call,
            ended_reason=ended_reason,
            cost_breakdown=cost_breakdown,
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
