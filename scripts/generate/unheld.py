"""The statements of a spec that Pydantic models do not hold, or not everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scripts.generate.disjointness import Branches
from scripts.generate.patterns import can_translate

if TYPE_CHECKING:
    from spec.json_value import Json
    from spec.reader import Problem, Spec

UNHELD: Final = {
    "additionalProperties": "beside `patternProperties`, or false in a part of `allOf`: further fields are accepted",
    "allOf": "parts that define a field or a bound in two ways: the first one counts",
    "anyOf": "beside other statements about the same value: these alone are judged",
    "const": "of an array, an object or a number with a fraction: any value is accepted",
    "contains": "any items are accepted",
    "dependentRequired": "the fields that it asks for may be missing",
    "dependentSchemas": "its schemas are not applied",
    "enum": "with an array, an object or a number with a fraction: any value is accepted",
    "false": "the schema that nothing fits: any value is accepted",
    "format": "of a kind that needs another library, or beside `pattern` or a length: any string is accepted",
    "if": "neither `then` nor `else` is applied",
    "items": "beside `prefixItems`, or false: any items are accepted",
    "maxProperties": "any number of fields is accepted",
    "minProperties": "any number of fields is accepted",
    "not": "the values that it excludes are accepted",
    "oneOf": "branches that one value may fit together, or beside other statements: such a value is accepted",
    "pattern": "with a construct that no engine of Python has: any string is accepted",
    "patternProperties": "fields of such names may have any value",
    "prefixItems": "any items are accepted",
    "propertyNames": "any names are accepted",
    "type": "is not stated, but keywords of one type are: only values of this type are accepted",
    "unevaluatedItems": "any items are accepted",
    "unevaluatedProperties": "any further fields are accepted",
    "uniqueItems": "repeated items are accepted",
}
"""The statements that models do not hold, or not everywhere, and the way in which they judge instead."""

FORMATS: Final = {
    "date": ("Date", "formats"),
    "date-time": ("AwareDatetime", "json_types"),
    "duration": ("Duration", "formats"),
    "ipv4": ("IPv4", "formats"),
    "ipv6": ("IPv6", "formats"),
    "json-pointer": ("JSONPointer", "formats"),
    "time": ("Time", "formats"),
    "uuid": ("UUIDText", "formats"),
}
"""The formats that models check: the type that does, and its module among the templates."""
UNCHECKED_FORMATS: Final = frozenset(
    {"email", "hostname", "idn-email", "idn-hostname", "iri", "iri-reference", "regex", "relative-json-pointer"}
    | {"uri", "uri-reference", "uri-template"}
)
"""The formats that validators of JSON Schema check and models do not. Neither checks any other, such as `byte`."""

_IDLE: Final = {"uniqueItems": False, "minProperties": 0, "unevaluatedItems": True, "unevaluatedProperties": True}
"""The values with which keywords state nothing."""


@dataclass(frozen=True)
class Unheld:
    """A statement that the models do not hold."""

    pointer: str
    """The pointer of the statement, or of the schema that does not state a type."""
    keyword: str
    """A key of UNHELD."""

    def problem(self, spec: Spec) -> Problem:
        """The statement in words, with its place."""
        message = f"the models do not hold this `{self.keyword}`: {UNHELD[self.keyword]}"
        return spec.problem(self.pointer, message)


def is_idle(name: str, value: Json) -> bool:
    """True if a keyword states nothing with this value."""
    return name in _IDLE and value == _IDLE[name]


def is_held(spec: Spec, name: str, schema: dict[str, Any]) -> bool:  # noqa: PLR0911 - a line for each keyword
    """True if models hold a keyword of a schema, as far as the keyword alone decides."""
    value = schema[name]
    match name:
        case "additionalProperties":
            return "patternProperties" not in schema
        case "items":
            return value is not False and "prefixItems" not in schema
        case "pattern":
            return can_translate(value)
        case "format":
            beside = schema.keys() & {"pattern", "minLength", "maxLength"}
            return value not in UNCHECKED_FORMATS and not (value in FORMATS and beside)
        case "oneOf":
            return Branches(spec).are_disjoint(value)
        case "enum":
            return all(map(_is_scalar, value))
        case "const":
            return _is_scalar(value)
    return name in {"allOf", "anyOf", "type"} or name not in UNHELD


def _is_scalar(value: Json) -> bool:
    """True for a value that a type of Python's can be limited to."""
    return not isinstance(value, dict | list) and not (isinstance(value, float) and not value.is_integer())
