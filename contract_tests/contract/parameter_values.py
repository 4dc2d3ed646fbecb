"""The values of parameters, read from their texts with the help of their schemas.

A text has no type: `7` is a number where the schema wants one, and a text where it wants that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from contract_tests.contract.operations import is_json
from contract_tests.contract.parameter_text import fields_of, split, texts_of, without_prefix
from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    import jsonschema_rs

    from contract_tests.contract.operations import Operation
    from contract_tests.contract.parameter_text import Sent
    from contract_tests.contract.parameters import Parameter
    from spec.json_value import Json

    ReadScalar = Callable[[str, str], Json]
    """Reads a text as a kind of value (`integer`). Raises ValueError where readers may differ on it."""

UNREADABLE: Final = object()
"""Stands for a value that readers may differ on, or whose form nobody here can read."""
_ABSENT: Final = object()
_BRANCHES: Final = ("allOf", "anyOf", "oneOf")
_SCALARS: Final = ("integer", "number", "boolean", "null", "string")
_FORMS: Final = {"form", "spaceDelimited", "pipeDelimited"}
"""The styles that write a text for each item or field, where they are exploded."""


class _Schemas(Protocol):
    """The schemas of a contract, by JSON Pointers."""

    def value(self, pointer: str, /) -> Json:
        """The value where a pointer leads."""

    def validator(self, pointer: str, /) -> jsonschema_rs.Validator:
        """The validator of the schema where a pointer leads."""


@dataclass(frozen=True)
class ParameterValues:
    """The parameters of a request."""

    values: Mapping[str, Mapping[str, Json]]
    """By location and name; those that cannot be read are not among them."""
    unreadable: tuple[Parameter, ...] = ()


class ParameterReader:
    """Reads the values of parameters by the schemas of a contract."""

    def __init__(self, contract: _Schemas, read_scalar: ReadScalar) -> None:
        self._contract = contract
        self._read_scalar = read_scalar

    def read(self, operation: Operation, sent: Sent) -> ParameterValues:
        """The parameters of a request to an operation."""
        values: dict[str, dict[str, Json]] = {each.location: {} for each in operation.parameters}
        unreadable: list[Parameter] = []
        for parameter in operation.parameters:
            value = self._value(parameter, operation, sent)
            if value is UNREADABLE:
                unreadable.append(parameter)
            elif value is not _ABSENT:
                values[parameter.location][parameter.name] = value
        return ParameterValues(values, tuple(unreadable))

    def _value(self, parameter: Parameter, operation: Operation, sent: Sent) -> Json:
        kinds = set(self._kinds(parameter.schema))
        if parameter.media_type is None and "object" in kinds and _is_spread(parameter):
            return self._spread_object(parameter, sent)
        texts = texts_of(parameter, operation.path, sent)
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
        return self._scalar(without_prefix(parameter, text), parameter.schema)

    def _content(self, parameter: Parameter, texts: Sequence[str]) -> Json:
        return self._read(texts[0], "object") if is_json(parameter.media_type or "") and len(texts) == 1 else UNREADABLE

    def _spread_object(self, parameter: Parameter, sent: Sent) -> Json:
        """An object that has a text of its own for each field."""
        names = [
            name for pointer in self._all(parameter.schema, "properties") for name in self._contract.value(pointer)
        ]
        fields = fields_of(parameter, names, sent)
        return self._of_fields(parameter, fields) if fields else _ABSENT

    def _object(self, parameter: Parameter, text: str) -> Json:
        parts = split(parameter, text)
        if parameter.is_exploded:
            return self._of_fields(parameter, dict(part.split("=", 1) for part in parts if "=" in part))
        return self._of_fields(parameter, dict(zip(parts[::2], parts[1::2], strict=False)))

    def _of_fields(self, parameter: Parameter, fields: Mapping[str, str]) -> Json:
        inner = {name: self._scalar(text, self._field(parameter.schema, name)) for name, text in fields.items()}
        return UNREADABLE if UNREADABLE in inner.values() else inner

    def _array(self, parameter: Parameter, texts: Sequence[str]) -> Json:
        has_one_text_for_all = parameter.style not in _FORMS or not parameter.is_exploded
        if has_one_text_for_all and len(texts) > 1 and parameter.location != "header":
            return UNREADABLE
        items = split(parameter, ",".join(texts)) if has_one_text_for_all else texts
        pointer = next(iter(self._all(parameter.schema, "items")), None)
        values = [self._scalar(item.strip() if parameter.location == "header" else item, pointer) for item in items]
        return UNREADABLE if UNREADABLE in values else values

    def _scalar(self, text: str, pointer: str | None) -> Json:
        """The value that fits the schema; if none does, the first that the text can be read as."""
        kinds = set(self._kinds(pointer)) or {"string"}
        found = [self._read(text, kind) for kind in _SCALARS if kind in kinds] or [text]
        if pointer is None or found[0] is UNREADABLE:
            return found[0]
        is_valid = self._contract.validator(pointer).is_valid
        return next((value for value in found if value is not UNREADABLE and is_valid(value)), found[0])

    def _read(self, text: str, kind: str) -> Json:
        try:
            return self._read_scalar(text, kind)
        except ValueError:
            return UNREADABLE

    def _field(self, pointer: str | None, name: str) -> str | None:
        """The schema of an object's field."""
        for properties in self._all(pointer, "properties"):
            if name in self._contract.value(properties):
                return f"{properties}/{escape(name)}"
        return next(iter(self._all(pointer, "additionalProperties")), None)

    def _kinds(self, pointer: str | None) -> Iterator[str]:
        """The types that a schema names, itself or in its branches. A member of an enumeration has one too."""
        for place in self._all(pointer, "type"):
            stated = self._contract.value(place)
            yield from [stated] if isinstance(stated, str) else stated
        members = [member for place in self._all(pointer, "enum") for member in self._contract.value(place)]
        members += [self._contract.value(place) for place in self._all(pointer, "const")]
        yield from map(_type_of, members)

    def _all(self, pointer: str | None, keyword: str, followed: tuple[str, ...] = ()) -> Iterator[str]:
        """The pointers of a keyword in a schema, in those that it refers to, and in its branches."""
        schema = None if pointer is None or pointer in followed else self._contract.value(pointer)
        if not isinstance(schema, dict):
            return
        further = (*followed, str(pointer))
        if keyword in schema:
            yield f"{pointer}/{keyword}"
        if "$ref" in schema:
            yield from self._all(target_of(schema["$ref"]), keyword, further)
        for branches in _BRANCHES:
            for index, _ in enumerate(schema.get(branches, ())):
                yield from self._all(f"{pointer}/{branches}/{index}", keyword, further)


def _is_spread(parameter: Parameter) -> bool:
    """Tells whether an object has a text of its own for each field."""
    return parameter.style == "deepObject" or (parameter.style in _FORMS and parameter.is_exploded)


def _type_of(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool) or value is None:
        return "null" if value is None else "boolean"
    return {int: "integer", float: "number", str: "string", list: "array"}.get(type(value), "object")
