"""Values to try of each type: kinds of string, numbers, texts that a pattern takes."""

from __future__ import annotations

import json
import math
import re
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, Literal

from contract_tests.contract.keywords import matcher
from contract_tests.exchange.strict_json import MAX_INTEGER
from contract_tests.plan.making import MAP_KEYS
from contract_tests.plan.patterns import propose_texts
from contract_tests.plan.spelling import Exponential

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

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
    "time": "09:30:00Z",
    "duration": "P1DT2H",
    "idn-email": "someone@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri-reference": "/a",
    "iri": "https://example.com/a",
    "iri-reference": "/a",
    "uri-template": "/a/{b}",
    "json-pointer": "/a",
    "relative-json-pointer": "1/a",
    "regex": "^a+$",
}
"""A text of each format. Any other format, such as `password`, tells no more than that a text is meant."""
_ENCODED: Final[Mapping[str, tuple[str, ...]]] = {
    "base64": ("", "YQ==", "YWI=", "+/+/", "aGVsbG8gd29ybGQh"),
    "base64url": ("", "YWJj", "-_-_", "aGVsbG8gd29ybGQh"),
    "base16": ("", "61", "fF00"),
}
"""Texts of each encoding of bytes."""
_UNIT: Final = 4
"""A number of characters that is whole bytes in each of them."""
HEAVIEST: Final = 2_000
"""The most scalars that a part of a body may hold, a long text counting for several."""
_CHARACTERS_A_SCALAR: Final = 1_000
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
_LARGEST: Final = 1e300
"""The largest number to try. Beyond it, sums would leave the doubles."""
_ABOUT: Final[Mapping[str, frozenset[str]]] = {
    "object": frozenset(
        {
            *("properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties"),
            *("maxProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties"),
        }
    ),
    "array": frozenset({"items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems", "unevaluatedItems"}),
    "string": frozenset({"minLength", "maxLength", "pattern", "format"}),
    "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}),
}
"""The keywords that are about values of one type."""
_CHARACTERS: Final = "aZ5_-+.@"
_SHORTEST_RUN: Final = 200
_LONGEST_RUN: Final = 2**14
_BEGINNING: Final = re.compile(r"\^((?:\\\W|[^\W_])+)")
"""The beginning of a pattern where it is spelled out."""
_LITERAL: Final = re.compile(r"\\.|\[[^\]]*\]|\{[^}]*\}|[\\^$.*+?{}\[\]()|]")
"""The parts of a pattern with a special meaning. Between them stand characters that mean themselves."""


def kinds_of_string(schema: Mapping[str, Json]) -> Iterator[tuple[str, Scope, str]]:
    """The kinds of string that the schema's limits of length allow: the name, the scope, and a text of each."""
    shortest, longest = lengths_of(schema)
    limits: dict[str, tuple[Scope, str]] = {}
    limits |= {"shortest string": ("place", "a" * shortest)} if 0 < shortest <= HUGE else {}
    limits |= {"longest string": ("place", "a" * longest)} if longest is not None and longest <= HUGE else {}
    for name, (scope, text) in {**_STRINGS, **limits}.items():
        if shortest <= len(text) and (longest is None or len(text) <= longest):
            yield name, scope, text


def lengths_of(schema: Mapping[str, Json]) -> tuple[int, int | None]:
    """The least and the greatest length of a string; None if it has no limit."""
    longest = schema.get("maxLength")
    return int(schema.get("minLength", 0)), None if longest is None else int(longest)


def encoded_texts(encoding: str, shortest: int, longest: int | None) -> list[str]:
    """Texts of some length that stand for bytes: some common ones, the shortest one and the longest one.

    >>> encoded_texts("base64", 5, 16)
    ['aGVsbG8gd29ybGQh', 'AAAAAAAA', 'AAAAAAAAAAAAAAAA']
    """
    lengths = [-(-shortest // _UNIT) * _UNIT, (longest or 0) // _UNIT * _UNIT]
    proposed = dict.fromkeys([*_ENCODED[encoding], *("A" * length for length in lengths if length <= HUGE)])
    return [text for text in proposed if shortest <= len(text) and (longest is None or len(text) <= longest)]


def weight_of(text: str) -> int:
    """How many scalars a text counts for."""
    return 1 + len(text) // _CHARACTERS_A_SCALAR


def types_of(schema: Mapping[str, Json]) -> list[str]:
    """The types that a schema states or, if it states none, those that its keywords are about."""
    stated = schema.get("type")
    if stated is not None:
        return [stated] if isinstance(stated, str) else [*stated]
    return [name for name, keywords in _ABOUT.items() if not keywords.isdisjoint(schema)]


def keys_of(patterns: Sequence[str], least: int, most: float, takes: Callable[[str], bool]) -> Sequence[str]:
    """Keys for a map: as many as it must have, three if it may; those that patterns take, if there are any."""
    number = int(min(max(least, len(MAP_KEYS)), most, HEAVIEST + 1))
    matchers = [matcher(pattern) for pattern in patterns]
    proposed = chain.from_iterable(map(_texts_for, patterns)) if patterns else chain(MAP_KEYS, _numbered())
    wanted = (key for key in proposed if takes(key) and (not patterns or any(match(key) for match in matchers)))
    return list(islice(dict.fromkeys(islice(wanted, 2 * number)), number))


def _texts_for(pattern: str) -> Iterator[str]:
    yield from dict.fromkeys(texts_of(pattern).values())
    # Where a pattern is open at its end, it takes more texts than one.
    yield from (f"{text}{number}" for text in list(texts_of(pattern).values())[:1] for number in range(HEAVIEST))


def _numbered() -> Iterator[str]:
    return (f"k{number}" for number in range(HEAVIEST + 1))


def numbers(schema: Mapping[str, Json], *, is_integer: bool) -> dict[str, tuple[float, str]]:
    """Numbers to try, each with the keyword that speaks of it, by their descriptions."""
    low, high = _bounds(schema, is_integer=is_integer)
    found = dict(_stated(schema, low, high, is_integer=is_integer))
    between = _between(low, high, is_integer=is_integer)
    # JSON Schema takes a whole number for an integer, however it is spelled (Core, section 4.2.3).
    plain = [] if is_integer and "default" in schema else [between]
    spellings = [float(between), Exponential(between)] if is_integer and abs(between) <= MAX_INTEGER else []
    found |= {str(number): (number, "type") for number in (*plain, *spellings)}
    if high is None and is_integer and schema.get("format") == "int32":
        found[f"{_BEYOND_32_BITS - 1}, the greatest of 32 bits"] = (_BEYOND_32_BITS - 1, "format")
    elif high is None and is_integer:
        found[f"{_BEYOND_32_BITS}, beyond 32 bits"] = (_BEYOND_32_BITS, "type")
        found[f"{_BEYOND_DOUBLES}, beyond what doubles tell apart"] = (_BEYOND_DOUBLES, "type")
    step = schema.get("multipleOf")
    return _multiples(found, step, low) if step else found


def _stated(
    schema: Mapping[str, Json], low: float | None, high: float | None, *, is_integer: bool
) -> Iterator[tuple[str, tuple[float, str]]]:
    """The bounds and the default, as far as the schema has them."""
    if low is not None:
        yield f"minimum {low}", (low, "minimum" if "minimum" in schema else "exclusiveMinimum")
    if high is not None:
        yield f"maximum {high}", (high, "maximum" if "maximum" in schema else "exclusiveMaximum")
    if isinstance(schema.get("default"), int | float) and abs(schema["default"]) <= _LARGEST:
        default = schema["default"] if is_integer else float(schema["default"])
        yield f"default {default}", (default, "default")


def may_be_refused(number: float, *, is_integer: bool) -> bool:
    """Tells whether a server may refuse a number: an integer in an uncommon spelling, or one that readers may round."""
    return is_integer and (not isinstance(number, int) or abs(number) > MAX_INTEGER)


@cache  # narrowing reads the same schema for each of its bodies
def texts_of(pattern: str, shortest: int = 0, longest: int | None = None) -> dict[str, str]:
    """Texts of some length that a pattern takes, by their descriptions; none if none was found.

    Among them are the shortest and the longest run of some characters, and the words that the pattern spells out.
    """
    if shortest > HUGE:
        return {}
    takes = _taking(pattern, shortest, longest)
    prefixes = dict.fromkeys(["", _beginning(pattern)])
    runs = {
        name: text for prefix in prefixes for character in _CHARACTERS for name, text in _runs(takes, prefix, character)
    }
    literals = [text for text in _LITERAL.split(pattern) if text and takes(text)]
    found = runs | {describe_value(text): text for text in literals if text not in runs.values()}
    if found:
        return found
    proposed = next(filter(takes, propose_texts(pattern, shortest)), None)
    return {} if proposed is None else {describe_value(proposed): proposed}


def _taking(pattern: str, shortest: int, longest: int | None) -> Callable[[str], bool]:
    """A test of texts by a pattern and by their length."""
    matches = matcher(pattern)
    return lambda text: shortest <= len(text) <= (HUGE if longest is None else longest) and matches(text)


def describe_value(value: object) -> str:
    """A JSON scalar as JSON writes it."""
    return "null" if value is None else f'"{value}"' if isinstance(value, str) else str(value).lower()


def _bounds(schema: Mapping[str, Json], *, is_integer: bool) -> tuple[float | None, float | None]:
    """The least and the greatest number that a schema takes, as far as our numbers may be."""
    step = 1 if is_integer else _FRACTION
    lows = [schema["minimum"]] if "minimum" in schema else []
    lows += [schema["exclusiveMinimum"] + step] if "exclusiveMinimum" in schema else []
    highs = [schema["maximum"]] if "maximum" in schema else []
    highs += [schema["exclusiveMaximum"] - step] if "exclusiveMaximum" in schema else []
    low, high = max(lows, default=None), min(highs, default=None)
    if is_integer:
        low = math.ceil(low) if isinstance(low, float) and not low.is_integer() else low
        high = math.floor(high) if isinstance(high, float) and not high.is_integer() else high
    return (
        None if low is None or low < -_LARGEST else low,
        None if high is None or high > _LARGEST else high,
    )


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
        if not abs(number) / step < _LARGEST:  # what a double holds there is far from any multiple
            continue
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
