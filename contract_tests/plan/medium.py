"""The medium that carries a planned value: some values have no form in a form, a text or a parameter."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from contract_tests.contract.body_codec import WrittenBody
from contract_tests.contract.parameter_text import can_be_written
from contract_tests.exchange.scalars import read_scalar

if TYPE_CHECKING:
    from contract_tests.contract.body_codec import BodyCodec
    from contract_tests.contract.contract import Contract
    from contract_tests.contract.form_fields import FormField
    from contract_tests.contract.operations import Content
    from spec.json_value import Json


class Medium(Protocol):
    """A medium other than JSON, which carries any value."""

    @property
    def name(self) -> str:
        """Its name, for choices that any of its texts may have."""

    @property
    def whole(self) -> str:
        """The place of choices about all of it; empty for a body."""

    def accepts(self, place: str, value: Json) -> bool:
        """Tells of a part of the request, as `Choice.place` names it, whether it may have a value."""

    def carries(self, value: Json) -> bool:
        """Tells whether a whole value can be sent, such that all readers read it alike."""


@dataclass(frozen=True)
class BodyMedium:
    """A body that is no JSON."""

    codec: BodyCodec
    content: Content
    whole: str = ""

    @property
    def name(self) -> str:
        """The media type."""
        return self.content.media_type

    def accepts(self, place: str, value: Json) -> bool:
        """Tells whether a part may have a value: a field or an item by itself; all of it is looked at in the end."""
        if isinstance(value, float) and value.is_integer():
            return False  # readers of texts differ on whether it is an integer
        if self.content.kind not in {"form", "multipart"}:
            return self.carries(value)
        fields = self.codec.fields(self.content, self.content.kind)
        way = re.sub(r"^\([^()]*\)\.?", "", place)  # a branch of the whole form
        name = max((name for name in fields if _leads_to(name, way)), key=len, default=None)
        return name is None or self._field_accepts(fields[name], way.removeprefix(name), value)

    def carries(self, value: Json) -> bool:
        """Tells whether a value can be written, and is read as itself."""
        return self.codec.carries(self.content, value)

    def _field_accepts(self, field: FormField, further: str, value: Json) -> bool:
        """Tells whether a field, or the part of it that is named after its own name, may have a value."""
        name, is_item = field.parameter.name, re.fullmatch(r"\[\d*\]", further) is not None
        if not further or (field.is_list and is_item):
            whole = [value] if is_item and not isinstance(value, list) else value
            return self.carries({name: whole})
        if field.writing == "styled":
            inside = {"field": value} if field.parameter.style == "deepObject" else [value]
            return value is not None and value != "" and can_be_written(field.parameter, inside)
        return True


def _leads_to(name: str, place: str) -> bool:
    return place == name or place.startswith((f"{name}.", f"{name}[", f"{name}(", f"{name}{{"))


def write_body(codec: BodyCodec, content: Content, value: Json, text: str | None = None) -> WrittenBody:
    """The body that stands for a value, which `text` spells as JSON. Raises UnwritableError if there is none."""
    if not content.is_json:
        return codec.write(content, value)
    return WrittenBody((json.dumps(value) if text is None else text).encode(), content.sent_as)


def medium_of(contract: Contract, content: Content) -> Medium | None:
    """The medium of a kind of body; None for JSON."""
    return None if content.is_json else BodyMedium(contract.codec(read_scalar), content)
