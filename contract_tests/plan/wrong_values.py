"""Values that break one keyword of a schema, each with its name. Whoever asks drops those that are valid after all."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from contract_tests.contract.keywords import matcher
from contract_tests.plan.values import HEAVIEST, HUGE, longest_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from spec.json_value import Json

_FRACTION: Final = 1 / 1024
# Values that lax readers turn into one of a type. In place of a number stands one that they can read as a number, and
# that has nothing else wrong with it.
_MISTAKEN: Final[Mapping[str, Mapping[str, Callable[[Json], Json]]]] = {
    "string": {"a number": lambda _: 5, "a list of texts": lambda value: [value], "true": lambda _: True},
    "integer": {
        "its text": json.dumps,
        "a fraction": lambda value: (value if isinstance(value, int | float) else 0) + 0.5,
        "true": lambda _: True,
        "an empty string": lambda _: "",
    },
    "number": {"its text": json.dumps, "true": lambda _: True, "an empty string": lambda _: ""},
    "boolean": {"its text": json.dumps, "a number": lambda value: int(value is True), "an empty string": lambda _: ""},
    "object": {"an empty string": lambda _: "", "a list": lambda _: []},
    "array": {"an empty string": lambda _: "", "an object": lambda _: {}},
    "null": {},
}
# Characters that a pattern's class may wrongly take in.
_CHARACTERS: Final = {"a space": " ", "a sign": "!", "a hyphen": "-", "a dot": ".", "a letter beyond ASCII": "é"}

_KINDS_CHANGED: Final[Mapping[str, Callable[[str], str]]] = {
    "letters in place of digits": lambda text: re.sub("[0-9]", "a", text),
    "digits in place of letters": lambda text: re.sub("[A-Za-z]", "1", text),
    "in capitals": str.upper,
    "in small letters": str.lower,
}
"""Texts without one kind of character."""
_OF_OBJECTS: Final = frozenset(("dependentRequired", "minProperties", "maxProperties", "propertyNames"))
"""Keywords that say which fields objects have, beyond each by itself."""
_OF_ARRAYS: Final = frozenset(("uniqueItems", "items", "unevaluatedItems", "contains", "minContains", "maxContains"))
"""Keywords that say which items arrays have, beyond their number."""
# Keywords that say something of values of one type alone.
_APPLIES_TO: Final[Mapping[str, type | tuple[type, ...]]] = {
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), (int, float, type(None))
    ),
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format"), str),
    **dict.fromkeys(("minItems", "maxItems", *_OF_ARRAYS), list),
    **dict.fromkeys(("additionalProperties", "unevaluatedProperties", "required", *_OF_OBJECTS), dict),
}
_ODD_NAMES: Final = ("!", "a b", "")
"""Names of fields that a schema for names may not take."""


def concerns(keyword: str, value: Json) -> bool:
    """Tells whether a keyword says something of values of this type."""
    return isinstance(value, _APPLIES_TO.get(keyword, object))


def wrong_values(keyword: str, schema: Mapping[str, Json], value: Json) -> Iterator[tuple[str, Json]]:
    """Values that may break a keyword, made of one that keeps the schema."""
    if keyword in _OF_OBJECTS:
        return _objects_against(keyword, schema, value)
    return _arrays_against(keyword, schema, value) if keyword in _OF_ARRAYS else _values_against(keyword, schema, value)


def named_values(schema: Json) -> list[Json]:
    """The values that a schema names."""
    if not isinstance(schema, dict):
        return []
    return [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]


def _values_against(keyword: str, schema: Mapping[str, Json], value: Json) -> Iterator[tuple[str, Json]]:
    """Values that may break a keyword about one value by itself."""
    statement = schema[keyword]
    match keyword:
        case "type":
            yield "null", None
            for name in statement if isinstance(statement, list) else [statement]:
                yield from _mistaken_for(name, value)
        case "enum" | "const":
            yield "an undocumented member", f"{value}_x"
            yield "a member in other case", str(value).swapcase()
            yield "a member with a space before it", f" {value}"
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" | "multipleOf":
            yield _number_against(keyword, schema, value)
        case "pattern":
            yield from _texts_against(statement, value)
        case "format":
            yield f"no {statement}", "?"
        case "additionalProperties" | "unevaluatedProperties" if statement is False:
            yield "an undocumented field", {**value, "undocumented": 1}
        case "not":
            yield from ((f"{json.dumps(each)}, which is excluded", each) for each in named_values(statement))
        case "minLength" | "maxLength" | "minItems" | "maxItems":
            yield from _lengths_against(keyword, int(statement), value)


def _arrays_against(keyword: str, schema: Mapping[str, Any], value: list[Json]) -> Iterator[tuple[str, Json]]:
    """Arrays that may break a keyword about the items of arrays."""
    statement = _whole(schema[keyword])
    match keyword:
        case "items" | "unevaluatedItems" if statement is False:
            yield "an item more", [*value, value[-1] if value else 1]
        case "uniqueItems" if statement and value:
            yield "an item twice", [*value, value[0]]
        case "contains" if statement and value:
            yield "no such item", []
        case "maxContains" if value and statement < HEAVIEST:
            yield f"more than {statement} such items", [*value, *[value[0]] * statement]
        case "minContains" if statement > 1:
            yield f"fewer than {statement} such items", value[: statement - 1]


def _objects_against(keyword: str, schema: Mapping[str, Any], value: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    """Objects with all required fields that may break a keyword about the fields of objects."""
    statement, required = _whole(schema[keyword]), schema.get("required", ())
    is_closed = False in (schema.get("additionalProperties"), schema.get("unevaluatedProperties"))
    match keyword:
        case "dependentRequired":
            demanded = ((trigger, name) for trigger in statement.keys() & value.keys() for name in statement[trigger])
            for trigger, name in sorted(pair for pair in demanded if pair[1] not in required):
                yield f"{trigger} without {name}", {key: inner for key, inner in value.items() if key != name}
        case "minProperties" if len(required) < statement:
            fields = sorted(value.items(), key=lambda field: field[0] not in required)
            yield f"against minProperties {statement}", dict(fields[: statement - 1])
        case "maxProperties" if value and not is_closed and statement < HEAVIEST:
            name, inner = [*value.items()][-1]
            more = {f"{name}{'x' * number}": inner for number in range(1, statement + 2 - len(value))}
            yield f"against maxProperties {statement}", {**value, **more}
        case "propertyNames" if value and not is_closed:
            inner = [*value.values()][-1]
            yield from ((f"a field named {name!r}", {**value, name: inner}) for name in _ODD_NAMES)


def _whole(statement: Any) -> Any:  # noqa: ANN401 - of any keyword
    """A statement, with an integer in place of a number such as 2.0, which JSON Schema takes for one."""
    return int(statement) if isinstance(statement, float) else statement


def _lengths_against(keyword: str, statement: int, value: Json) -> Iterator[tuple[str, Json]]:
    """A text or an array that is too long or too short by one, if it is not too long to send."""
    length = statement + (1 if keyword.startswith("max") else -1)
    if value and 0 <= length <= (HUGE if isinstance(value, str) else HEAVIEST):
        yield f"against {keyword} {statement}", _of_length(value, length)


def _number_against(keyword: str, schema: Mapping[str, Json], value: Json) -> tuple[str, float]:
    """A number that breaks one of the keywords for numbers, and its name."""
    statement = schema[keyword]
    if keyword == "multipleOf":
        return f"between two multiples of {statement}", (value or 0) + statement / 2
    # As little beyond a bound as no reader may round off, where fractions are allowed.
    step = _FRACTION if "number" in _types(schema) else 1
    is_lower = keyword in {"minimum", "exclusiveMinimum"}
    return (f"below {statement}", statement - step) if is_lower else (f"above {statement}", statement + step)


def _types(schema: Mapping[str, Json]) -> Sequence[str]:
    named = schema.get("type", [])
    return [named] if isinstance(named, str) else named


def _mistaken_for(name: str, value: Json) -> Iterator[tuple[str, Json]]:
    """Values that lax readers take for one of a type, made of a value of it; none if that is null."""
    for wrong, make in _MISTAKEN[name].items():
        if value is not None:
            yield f"{wrong} for {name}", make(value)


def _of_length(value: Json, length: int) -> Json:
    """A text or an array of a length, made of the value's first item."""
    return ("x" if isinstance(value, str) else value[:1]) * length


def _texts_against(pattern: str, text: str) -> Iterator[tuple[str, str]]:
    """Texts that a pattern may not take, each with its name."""
    yield "an empty string", ""
    yield "a line feed at the end", f"{text}\n"  # which `$` lets pass in many a language
    yield "a space before it", f" {text}"
    for name, character in _CHARACTERS.items():
        yield f"{name} at the end", f"{text}{character}"
    if "(?" in pattern:  # it may look ahead, for a character of some kind
        yield from ((wrong, change(text)) for wrong, change in _KINDS_CHANGED.items())
    yield from {name: other for other in _one_more(pattern, text) for name in [f"{len(other)} characters"]}.items()


def _one_more(pattern: str, text: str) -> Iterator[str]:
    """Texts with a character repeated once more than a pattern takes."""
    takes = matcher(pattern)
    for position in {character: position for position, character in enumerate(text)}.values():
        start, character, end = text[:position], text[position], text[position + 1 :]
        longest = longest_run(lambda number: takes(start + character * number + end), 1)  # noqa: B023 - called here only
        yield start + character * (longest + 1) + end
