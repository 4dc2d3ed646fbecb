from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    Unset,
    as_float,
    as_object,
    to_json_object,
)

if TYPE_CHECKING:
    from ..models.agent_cost import AgentCost
    from ..models.language_model_cost import LanguageModelCost
    from ..models.telephony_cost import TelephonyCost
    from ..models.transcriber_cost import TranscriberCost
    from ..models.voice_cost import VoiceCost


@_attrs_define(kw_only=True)
class ConversationCost:
    """What a conversation cost, part by part, in US dollars.

    Attributes:
        total (float): The sum of all parts, in US dollars.
        voice (VoiceCost): The cost of the agent's voice.
        transcriber (TranscriberCost): The cost of transcribing the person's speech.
        language_model (LanguageModelCost): The cost of the language model.
        agent (AgentCost): The cost of VoiceOS's own service.
        telephony (None | TelephonyCost | Unset): The cost of the telephone line; null for a conversation over the web.
    """

    total: float
    voice: VoiceCost
    transcriber: TranscriberCost
    language_model: LanguageModelCost
    agent: AgentCost
    telephony: None | TelephonyCost | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.telephony_cost import TelephonyCost  # noqa: PLC0415

        total = self.total

        voice = to_json_object(self.voice)

        transcriber = to_json_object(self.transcriber)

        language_model = to_json_object(self.language_model)

        agent = to_json_object(self.agent)

        telephony: dict[str, Any] | None | Unset
        if isinstance(self.telephony, Unset):
            telephony = UNSET
        elif isinstance(self.telephony, TelephonyCost):
            telephony = to_json_object(self.telephony)
        else:
            telephony = self.telephony

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "total": total,
                "voice": voice,
                "transcriber": transcriber,
                "language_model": language_model,
                "agent": agent,
            }
        )
        if telephony is not UNSET:
            field_dict["telephony"] = telephony

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.agent_cost import AgentCost  # noqa: PLC0415
        from ..models.language_model_cost import LanguageModelCost  # noqa: PLC0415
        from ..models.telephony_cost import TelephonyCost  # noqa: PLC0415
        from ..models.transcriber_cost import TranscriberCost  # noqa: PLC0415
        from ..models.voice_cost import VoiceCost  # noqa: PLC0415

        d = as_object(src_dict)
        total = as_float(d.pop("total"))

        voice = VoiceCost.from_dict(d.pop("voice"))

        transcriber = TranscriberCost.from_dict(d.pop("transcriber"))

        language_model = LanguageModelCost.from_dict(d.pop("language_model"))

        agent = AgentCost.from_dict(d.pop("agent"))

        def _parse_telephony(data: Any) -> None | TelephonyCost | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            telephony_type_0 = TelephonyCost.from_dict(data)

            return telephony_type_0

        telephony = _parse_telephony(d.pop("telephony", UNSET))

        _instance = cls(
            total=total,
            voice=voice,
            transcriber=transcriber,
            language_model=language_model,
            agent=agent,
            telephony=telephony,
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
