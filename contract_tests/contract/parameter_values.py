"""The values of parameters, read from their texts with the help of their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from contract_tests.contract.media_types import is_json
from contract_tests.contract.parameter_text import fields_of, split, texts_of, without_prefix
from contract_tests.contract.typed_texts import UNREADABLE, TypedTexts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from contract_tests.contract.operations import Operation
    from contract_tests.contract.parameter_text import Sent
    from contract_tests.contract.parameters import Parameter
    from contract_tests.contract.typed_texts import ReadScalar, Schemas
    from spec.json_value import Json

_ABSENT: Final = object()
_FORMS: Final = {"form", "spaceDelimited", "pipeDelimited"}
"""The styles that write a text for each item or field, where they are exploded."""


class ParameterValues(Struct, frozen=True):
    """The parameters of a request."""

    values: Mapping[str, Mapping[str, Json]]
    """By location and name; those that cannot be read are not among them."""
    unreadable: tuple[Parameter, ...] = ()


class ParameterReader:
    """Reads the values of parameters by the schemas of a contract."""

    def __init__(self, contract: Schemas, read_scalar: ReadScalar) -> None:
        self._texts = TypedTexts(contract, read_scalar)

    def read(self, operation: Operation, sent: Sent) -> ParameterValues:
        """The parameters of a request to an operation."""
        return self.read_all(operation.parameters, sent, operation.path)

    def read_all(self, parameters: Iterable[Parameter], sent: Sent, path: str = "") -> ParameterValues:
        """Parameters of a request to a path, which is a template if they are in it."""
        values: dict[str, dict[str, Json]] = {}
        unreadable: list[Parameter] = []
        for parameter in parameters:
            of_location = values.setdefault(parameter.location, {})
            value = self._value(parameter, path, sent)
            if value is UNREADABLE:
                unreadable.append(parameter)
            elif value is not _ABSENT:
                of_location[parameter.name] = value
        return ParameterValues(values, tuple(unreadable))

    def _value(self, parameter: Parameter, path: str, sent: Sent) -> Json:
        kinds = self._texts.kinds(parameter.schema)
        is_object = "object" in kinds or parameter.style == "deepObject"
        if parameter.media_type is None and is_object and is_spread(parameter):
            return self._spread_object(parameter, sent)
        texts = texts_of(parameter, path, sent)
        if not texts:
            return _ABSENT
        if parameter.media_type is not None:
            return self._content(parameter, texts)
        if "array" in kinds:
            return self._array(parameter, texts)
        return UNREADABLE if len(texts) > 1 else self._alone(parameter, texts[0], kinds)

    def _alone(self, parameter: Parameter, text: str, kinds: Collection[str]) -> Json:
        """A value that has one text."""
        if "object" in kinds:
            return self._object(parameter, text)
        return self._texts.scalar(without_prefix(parameter, text), parameter.schema)

    def _content(self, parameter: Parameter, texts: Sequence[str]) -> Json:
        is_readable = is_json(parameter.media_type or "") and len(texts) == 1
        return self._texts.read(texts[0], "object") if is_readable else UNREADABLE

    def _spread_object(self, parameter: Parameter, sent: Sent) -> Json:
        """An object that has a text of its own for each field."""
        fields = fields_of(parameter, self._texts.names(parameter.schema), sent)
        if fields:
            return self._of_fields(parameter, fields)
        return UNREADABLE if texts_of(parameter, "", sent) else _ABSENT  # written whole: servers may read that, too

    def _object(self, parameter: Parameter, text: str) -> Json:
        parts = split(parameter, text)
        if parameter.is_exploded:
            return self._of_fields(parameter, dict(part.split("=", 1) for part in parts if "=" in part))
        return self._of_fields(parameter, dict(zip(parts[::2], parts[1::2], strict=False)))

    def _of_fields(self, parameter: Parameter, fields: Mapping[str, str]) -> Json:
        texts, schema = self._texts, parameter.schema
        inner = {name: texts.scalar(text, texts.field(schema, name)) for name, text in fields.items()}
        return UNREADABLE if UNREADABLE in inner.values() else inner

    def _array(self, parameter: Parameter, texts: Sequence[str]) -> Json:
        has_one_text_for_all = parameter.style not in _FORMS or not parameter.is_exploded
        if has_one_text_for_all and len(texts) > 1 and parameter.location != "header":
            return UNREADABLE
        items = split(parameter, ",".join(texts)) if has_one_text_for_all else texts
        pointer, is_field = self._texts.item(parameter.schema), parameter.location == "header"
        values = [self._texts.scalar(item.strip() if is_field else item, pointer) for item in items]
        return UNREADABLE if UNREADABLE in values else values


def is_spread(parameter: Parameter) -> bool:
    """Tells whether an object has a text of its own for each field."""
    return parameter.style == "deepObject" or (parameter.style in _FORMS and parameter.is_exploded)
