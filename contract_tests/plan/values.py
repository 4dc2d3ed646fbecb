"""Values to try of each type: kinds of string, numbers, texts that a pattern takes."""

from __future__ import annotations

import json
import math
import re
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from contract_tests.contract.keywords import matcher
from contract_tests.exchange.strict_json import MAX_INTEGER
from contract_tests.plan.spelling import Exponential

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from spec.json_value import Json

LONG: Final = 10_000
"""The length of a long string, in characters."""
HUGE: Final = 100_000
"""The length of the longest string of a plan, in characters."""
FORMATTED: Final = {
    "date-time": "2026-01-31T09:30:00Z",
    "date": "2026-01-31",
    "email": "someone@example.com",
    "uri": "https://example.com/a",
    "uuid": "01234567-89ab-4cde-8f01-23456789abcd",
}
"""A text of each format."""
UNLISTED: Final = "unlisted-name"
"""A name that no list of names beside "any string" has."""
FREE_FORM: Final[dict[str, Json]] = {"a": {"type": "string"}, "é": [1, 0.5, True, None, {}]}
"""The value where any value is allowed."""
EMPTY: Final = "empty string"
Scope = Literal["place", "object", "body"]
"""How widely a kind of string is tried: at every place, or once in every object or every body, whatever the place."""
_STRINGS: Final[Mapping[str, tuple[Scope, str]]] = {
    EMPTY: ("place", ""),
    "one character": ("body", "a"),
    "non-ASCII string": ("body", "Grüße, 你好"),
    "string beyond the BMP": ("body", "🤖 ☎️ 𐍈"),
    "long string": ("place", "long " * (LONG // 5)),
    "huge string": ("body", "huge " * (HUGE // 5)),
    # White space at both ends, all control characters and what other languages quote, in one text: so a few bodies try
    # all of them at every place.
    "JSON text": ("object", '{"é": [1, null], "🤖": "\\u4f60"}'),
    "many kinds of character": ("place", f" \n\ta{''.join(map(chr, range(32)))}\x7f\x85\u2028é🤖\"\\'<%\n\t "),
}
_BEYOND_32_BITS: Final = 2**31
_BEYOND_DOUBLES: Final = 2**53 + 1
_FRACTION: Final = 1 / 1024
_CHARACTERS: Final = "aZ5_-+.@"
_SHORTEST_RUN: Final = 200
_LONGEST_RUN: Final = 2**14
_BEGINNING: Final = re.compile(r"\^((?:\\\W|[^\W_])+)")
"""The beginning of a pattern where it is spelled out."""
_LITERAL: Final = re.compile(r"\\.|\[[^\]]*\]|\{[^}]*\}|[\\^$.*+?{}\[\]()|]")
"""The parts of a pattern with a special meaning. Between them stand characters that mean themselves."""


def kinds_of_string(schema: Mapping[str, Json]) -> Iterator[tuple[str, Scope, str]]:
    """The kinds of string that the schema's limits of length allow: the name, the scope, and a text of each."""
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength")
    limits: dict[str, tuple[Scope, str]] = {}
    limits |= {"shortest string": ("place", "a" * shortest)} if shortest else {}
    limits |= {"longest string": ("place", "a" * longest)} if longest is not None else {}
    for name, (scope, text) in {**_STRINGS, **limits}.items():
        if shortest <= len(text) and (longest is None or len(text) <= longest):
            yield name, scope, text


def numbers(schema: Mapping[str, Json]) -> dict[str, tuple[float, str]]:
    """Numbers to try, each with the keyword that speaks of it, by their descriptions."""
    is_integer = "integer" in schema["type"]
    low, high = _bounds(schema, is_integer=is_integer)
    found = dict(_stated(schema, low, high))
    between = _between(low, high, is_integer=is_integer)
    # JSON Schema takes a whole number for an integer, however it is spelled (Core, section 4.2.3).
    plain = [] if is_integer and "default" in schema else [between]
    spellings = [float(between), Exponential(between)] if is_integer else []
    found |= {str(number): (number, "type") for number in (*plain, *spellings)}
    if high is None and is_integer:
        found[f"{_BEYOND_32_BITS}, beyond 32 bits"] = (_BEYOND_32_BITS, "type")
        found[f"{_BEYOND_DOUBLES}, beyond what doubles tell apart"] = (_BEYOND_DOUBLES, "type")
    step = schema.get("multipleOf")
    return _multiples(found, step, low) if step else found


def _stated(
    schema: Mapping[str, Json], low: float | None, high: float | None
) -> Iterator[tuple[str, tuple[float, str]]]:
    """The bounds and the default, as far as the schema has them."""
    if low is not None:
        yield f"minimum {low}", (low, "minimum" if "minimum" in schema else "exclusiveMinimum")
    if high is not None:
        yield f"maximum {high}", (high, "maximum" if "maximum" in schema else "exclusiveMaximum")
    if isinstance(schema.get("default"), int | float):
        default = schema["default"] if "integer" in schema["type"] else float(schema["default"])
        yield f"default {default}", (default, "default")


def may_be_refused(number: float, schema: Mapping[str, Json]) -> bool:
    """Tells whether a server may refuse a number: an integer in an uncommon spelling, or one that readers may round."""
    return "integer" in schema["type"] and (not isinstance(number, int) or abs(number) > MAX_INTEGER)


@cache  # narrowing reads the same schema for each of its bodies
def texts_of(pattern: str) -> dict[str, str]:
    """Texts that a pattern takes, by their descriptions; none if none was found.

    Among them are the shortest and the longest run of some characters, and the words that the pattern spells out.
    """
    takes = matcher(pattern)
    prefixes = dict.fromkeys(["", _beginning(pattern)])
    runs = {
        name: text for prefix in prefixes for character in _CHARACTERS for name, text in _runs(takes, prefix, character)
    }
    literals = [text for text in _LITERAL.split(pattern) if text and takes(text)]
    found = runs | {describe_value(text): text for text in literals if text not in runs.values()}
    return found or dict(_drawn(pattern))


def describe_value(value: object) -> str:
    """A JSON scalar as JSON writes it."""
    return "null" if value is None else f'"{value}"' if isinstance(value, str) else str(value).lower()


def _bounds(schema: Mapping[str, Json], *, is_integer: bool) -> tuple[float | None, float | None]:
    """The least and the greatest number that a schema takes."""
    step = 1 if is_integer else _FRACTION
    low = schema["exclusiveMinimum"] + step if "exclusiveMinimum" in schema else None
    high = schema["exclusiveMaximum"] - step if "exclusiveMaximum" in schema else None
    return schema.get("minimum", low), schema.get("maximum", high)


def _between(low: float | None, high: float | None, *, is_integer: bool) -> float:
    """A number within the bounds that is neither of them, and no round one."""
    if low is None and high is None:
        return 30 if is_integer else 0.375
    start, end = (low if low is not None else (high or 0) - 10), (high if high is not None else (low or 0) + 10)
    value = start + (end - start) * 0.375
    return round(value) if is_integer else value


def _multiples(found: Mapping[str, tuple[float, str]], step: float, low: float | None) -> dict[str, tuple[float, str]]:
    """The numbers, each moved to a multiple: of the next lower one, or the next higher where that is out of bounds."""
    moved = {}
    for number, keyword in found.values():
        multiple = math.floor(number / step) * step
        multiple = multiple if low is None or multiple >= low else multiple + step
        moved[f"{multiple}, a multiple of {step}"] = (multiple, keyword)
    return moved


def _beginning(pattern: str) -> str:
    r"""The characters that a pattern spells out at its beginning: `+` of `^\+[1-9]`."""
    spelled_out = _BEGINNING.match(pattern)
    return re.sub(r"\\(.)", r"\1", spelled_out[1]) if spelled_out else ""


def _runs(takes: Callable[[str], bool], prefix: str, character: str) -> Iterator[tuple[str, str]]:
    """The shortest and the longest run of a character after a prefix, each with its description."""
    shortest = next((length for length in range(_SHORTEST_RUN) if takes(prefix + character * length)), None)
    if shortest is None:
        return
    longest = longest_run(lambda length: takes(prefix + character * length), shortest)
    for length in (shortest, longest):
        name = f"{length} time{'' if length == 1 else 's'} {json.dumps(character)}"
        yield f"{json.dumps(prefix)} and {name}" if prefix else name, prefix + character * length


def longest_run(takes: Callable[[int], bool], shortest: int) -> int:
    """The greatest length that is taken, found by halving; a run of unbounded length is cut off at one that is."""
    length, step = shortest, _LONGEST_RUN
    while step:
        if length + step < _LONGEST_RUN and takes(length + step):
            length += step
        else:
            step //= 2
    return length if length + 1 < _LONGEST_RUN else _SHORTEST_RUN - 1


def _drawn(pattern: str) -> Iterator[tuple[str, str]]:
    """The plainest text that a pattern takes, if any."""
    import hypothesis  # noqa: PLC0415 - slow to import, and few patterns take nothing simpler

    settings = hypothesis.settings(database=None, derandomize=True, max_examples=200)
    with suppress(hypothesis.errors.NoSuchExample, hypothesis.errors.InvalidArgument, re.error):
        texts = hypothesis.strategies.from_regex(pattern)
        text = hypothesis.find(texts, lambda text: not text.endswith("\n"), settings=settings)
        yield describe_value(text), text
