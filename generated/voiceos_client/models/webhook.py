from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_name import EventName
from ..models.webhook_method import WebhookMethod
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
    from ..models.webhook_headers import WebhookHeaders


@_attrs_define(kw_only=True)
class Webhook:
    """An HTTP request that VoiceOS makes when one of some events happens.

    Attributes:
        events (list[EventName]): The events that cause the request.
        url (str): Where the request goes.
        method (WebhookMethod): The HTTP method of the request.
        filter_ (None | str | Unset): An expression that chooses among the events. Its grammar is not documented.
        headers (None | Unset | WebhookHeaders): Headers to send with the request.
    """

    events: list[EventName]
    url: str
    method: WebhookMethod
    filter_: None | str | Unset = UNSET
    headers: None | Unset | WebhookHeaders = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.webhook_headers import WebhookHeaders  # noqa: PLC0415

        events = []
        for events_item_data in self.events:
            events_item = member_value(events_item_data)
            events.append(events_item)

        url = self.url

        method = member_value(self.method)

        filter_: None | str | Unset
        if isinstance(self.filter_, Unset):
            filter_ = UNSET
        else:
            filter_ = self.filter_

        headers: dict[str, Any] | None | Unset
        if isinstance(self.headers, Unset):
            headers = UNSET
        elif isinstance(self.headers, WebhookHeaders):
            headers = to_json_object(self.headers)
        else:
            headers = self.headers

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "events": events,
                "url": url,
                "method": method,
            }
        )
        if filter_ is not UNSET:
            field_dict["filter"] = filter_
        if headers is not UNSET:
            field_dict["headers"] = headers

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.webhook_headers import WebhookHeaders  # noqa: PLC0415

        d = as_object(src_dict)
        events: list[EventName] = []
        for events_item_data in as_list(d.pop("events")):
            events_item = EventName(events_item_data)

            events.append(events_item)

        url = as_str(d.pop("url"))

        method = WebhookMethod(d.pop("method"))

        def _parse_filter_(data: Any) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            filter_type_0 = as_str(data)

            return filter_type_0

        filter_ = _parse_filter_(d.pop("filter", UNSET))

        def _parse_headers(data: Any) -> None | Unset | WebhookHeaders:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            headers_type_0 = WebhookHeaders.from_dict(data)

            return headers_type_0

        headers = _parse_headers(d.pop("headers", UNSET))

        _instance = cls(
            events=events,
            url=url,
            method=method,
            filter_=filter_,
            headers=headers,
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
