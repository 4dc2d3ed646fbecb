from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_name import EventName
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
    from ..models.hook_instruction import HookInstruction


@_attrs_define(kw_only=True)
class Hook:
    """What VoiceOS does by itself, within the call, when one of some events happens.

    Attributes:
        events (list[EventName]): The events that cause the instructions to be carried out.
        instructions (list[HookInstruction]): What to do, in this order.
        filter_ (None | str | Unset): An expression that chooses among the events. Its grammar is not documented.
    """

    events: list[EventName]
    instructions: list[HookInstruction]
    filter_: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        events = []
        for events_item_data in self.events:
            events_item = member_value(events_item_data)
            events.append(events_item)

        instructions = []
        for instructions_item_data in self.instructions:
            instructions_item = to_json_object(instructions_item_data)
            instructions.append(instructions_item)

        filter_: None | str | Unset
        if isinstance(self.filter_, Unset):
            filter_ = UNSET
        else:
            filter_ = self.filter_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "events": events,
                "instructions": instructions,
            }
        )
        if filter_ is not UNSET:
            field_dict["filter"] = filter_

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.hook_instruction import HookInstruction  # noqa: PLC0415

        d = as_object(src_dict)
        events: list[EventName] = []
        for events_item_data in as_list(d.pop("events")):
            events_item = EventName(events_item_data)

            events.append(events_item)

        instructions: list[HookInstruction] = []
        for instructions_item_data in as_list(d.pop("instructions")):
            instructions_item = HookInstruction.from_dict(instructions_item_data)

            instructions.append(instructions_item)

        def _parse_filter_(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            filter_type_0 = as_str(data)

            return filter_type_0

        filter_ = _parse_filter_(d.pop("filter", UNSET))

        _instance = cls(
            events=events,
            instructions=instructions,
            filter_=filter_,
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
