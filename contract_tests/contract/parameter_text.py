"""Parameters as they are written in a request, in every style of OpenAPI, and read from one.

A value is written only if all readers read it alike. So texts with a delimiter of their style, control characters and
the like are left out: of those, no server's answer tells anything.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote, unquote, unquote_plus, unquote_to_bytes

from msgspec import Struct

from contract_tests.contract.media_types import is_json
from contract_tests.contract.paths import path_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.parameters import Location, Parameter
    from spec.json_value import Json

Pair = tuple[str, str]
_DELIMITERS: Final = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}
_LONGEST: Final[Mapping[Location, int]] = {"path": 200, "query": 1_000, "header": 1_000, "cookie": 200, "form": 100_000}
"""The longest text of a parameter that is sent, in characters. Servers and proxies limit lines."""
_FREE_TEXT: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\ud800-\udfff]*")
_TEXTS: Final[Mapping[Location, re.Pattern[str]]] = {
    "path": re.compile(r"(?!\.{1,2}$)[^/\\\x00-\x1f\x7f-\x9f\u2028\ud800-\udfff]+"),
    "query": _FREE_TEXT,
    "form": _FREE_TEXT,
    "header": re.compile(r"[!-~](?:[ -~]*[!-~])?"),
    "cookie": re.compile(r"[!#-+\--:<-\[\]-~]+"),
}
"""The texts that all readers read alike at each location. Cookies: RFC 6265, section 4.1.1."""
_PIECE: Final = 4_000
"""How many characters are encoded at once: for each, `urllib.parse` takes fifty bytes of memory."""
_ESCAPES: Final = re.compile(rf"[^%]+|(?:%[^%]*){{1,{_PIECE}}}")
"""Pieces of an encoded text, none of which cuts an escape in two."""


class Written(Struct, frozen=True):
    """Parameters as a request has them: the target, header fields, and cookies."""

    target: str
    fields: tuple[Pair, ...] = ()
    cookies: tuple[Pair, ...] = ()


class Sent(NamedTuple):
    """The parts of a request that parameters are read from, as they were sent."""

    path: str
    query: str
    fields: Sequence[Pair]
    form: Sequence[Pair] = ()
    """The fields of a form, decoded."""


def can_be_written(parameter: Parameter, value: Json) -> bool:
    """Tells whether a value can be written such that all readers read it alike."""
    if parameter.media_type is not None:
        return is_json(parameter.media_type) and _fits(parameter.location, json.dumps(value))
    if isinstance(value, dict):
        parts = [str(part) for pair in value.items() for part in pair]
        return bool(value) and all(map(_is_scalar, value.values())) and _all_fit(parameter, parts)
    if isinstance(value, list):
        has_form = bool(value) and parameter.style != "deepObject"
        return has_form and all(map(_is_scalar, value)) and _all_fit(parameter, map(text_of, value))
    return parameter.style != "deepObject" and _is_scalar(value) and _fits(parameter.location, text_of(value))


def write(path: str, parameters: Iterable[Parameter], values: Mapping[str, Mapping[str, Json]]) -> Written:
    """Writes the parameters of a request. `values` are by location and name; those of the path must be there."""
    present = [(each, values[each.location][each.name]) for each in parameters if _has(values, each)]
    for parameter, value in present:
        if parameter.location == "path":
            path = path.replace(f"{{{parameter.name}}}", _in_path(parameter, value))
    pairs = [pair for each, value in present if each.location == "query" for pair in pairs_of(each, value, encode)]
    query = query_text(pairs)
    fields = tuple((each.name, _in_field(each, value)) for each, value in present if each.location == "header")
    cookies = tuple(pair for each, value in present if each.location == "cookie" for pair in pairs_of(each, value, str))
    return Written(f"{path}?{query}" if query else path, fields, cookies)


def query_text(pairs: Iterable[Pair]) -> str:
    """The text of a query, or of a form, whose names and texts are encoded."""
    return "&".join(f"{name}={text}" for name, text in pairs)


def cookie_text(cookies: Iterable[Pair]) -> str:
    """The value of a Cookie field."""
    return "; ".join(f"{name}={text}" for name, text in cookies)


def texts_of(parameter: Parameter, template: str, sent: Sent) -> list[str]:
    """The texts of a parameter that has one of them for all its parts, decoded; none if it is absent."""
    match parameter.location:
        case "path":
            text = path_values(template, sent.path).get(parameter.name)
            return [] if text is None else [unquote(text)]
        case "query":
            return [text for name, text in _query(sent.query) if name == parameter.name]
        case "header":
            return [text for name, text in sent.fields if name.lower() == parameter.name.lower()]
        case "form":
            return [text for name, text in sent.form if name == parameter.name]
        case _:
            return [text for name, text in _cookies(sent.fields) if name == parameter.name]


def fields_of(parameter: Parameter, names: Iterable[str], sent: Sent) -> dict[str, str]:
    """The fields of an object that has a text for each of them: of style deepObject, or exploded form."""
    pairs = _pairs_at(parameter.location, sent)
    if parameter.style == "deepObject":
        inside = re.compile(rf"{re.escape(parameter.name)}\[(.*)\]")
        return {found[1]: text for name, text in pairs if (found := inside.fullmatch(name))}
    known = set(names)
    return {name: text for name, text in pairs if name in known}


def split(parameter: Parameter, text: str) -> list[str]:
    """The items of an array, or the names and values of an object in turn, that one text has."""
    delimiter = ","
    match parameter.style:
        case "spaceDelimited":
            delimiter = " "
        case "pipeDelimited":
            delimiter = "|"
        case "label":
            text, delimiter = text.removeprefix("."), "." if parameter.is_exploded else ","
        case "matrix":
            return _split_matrix(parameter, text)
    return text.split(delimiter)


def without_prefix(parameter: Parameter, text: str) -> str:
    """The text of a value that is neither array nor object, without what its style puts before it."""
    prefix = {"label": ".", "matrix": f";{parameter.name}="}.get(parameter.style, "")
    return text.removeprefix(prefix)


def text_of(value: Json) -> str:
    """A value that is neither array nor object, as text."""
    return value if isinstance(value, str) else json.dumps(value)


def _has(values: Mapping[str, Mapping[str, Json]], parameter: Parameter) -> bool:
    return parameter.name in values.get(parameter.location, {})


def _is_scalar(value: Json) -> bool:
    return isinstance(value, str | int | float)


def _fits(location: Location, text: str) -> bool:
    return len(text) <= _LONGEST[location] and _TEXTS[location].fullmatch(text) is not None


def _all_fit(parameter: Parameter, texts: Iterable[str]) -> bool:
    """Tells whether parts can be written beside each other: none is empty, and none has a delimiter."""
    return all(text and not set(text) & set(",.;=|& []") and _fits(parameter.location, text) for text in texts)


def encode(text: str) -> str:
    """The text as a part of a URL or a form: percent-encoded, but for letters, digits and four signs."""
    pieces = (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
    return "".join(quote(piece, safe="") for piece in pieces)


def decode(text: str) -> str:
    """The text that a part of a form stands for. Raises ValueError if its bytes are no UTF-8.

    >>> decode("a+%C3%A9%2F%")
    'a é/%'
    """
    pieces = _ESCAPES.findall(text.replace("+", " "))
    return b"".join(map(unquote_to_bytes, pieces)).decode()


def _in_path(parameter: Parameter, value: Json) -> str:
    if parameter.media_type is not None:
        return encode(json.dumps(value))
    parts, is_object = _parts(parameter, value, encode), isinstance(value, dict)
    if parameter.style == "label":
        return "." + (".".join(parts) if parameter.is_exploded else ",".join(parts))
    if parameter.style == "matrix":
        name = encode(parameter.name)
        if parameter.is_exploded and isinstance(value, dict | list):
            return "".join(f";{part}" if is_object else f";{name}={part}" for part in parts)
        return f";{name}={','.join(parts)}"
    return ",".join(parts)


def _in_field(parameter: Parameter, value: Json) -> str:
    return json.dumps(value) if parameter.media_type is not None else ",".join(_parts(parameter, value, str))


def _parts(parameter: Parameter, value: Json, encode: Callable[[str], str]) -> list[str]:
    """The parts of a value: of an object its pairs where it is exploded, else its names and values in turn."""
    if isinstance(value, dict):
        pairs = [(encode(name), encode(text_of(inner))) for name, inner in value.items()]
        return [f"{name}={text}" for name, text in pairs] if parameter.is_exploded else [*_flat(pairs)]
    return [encode(text_of(item)) for item in (value if isinstance(value, list) else [value])]


def pairs_of(parameter: Parameter, value: Json, encode: Callable[[str], str]) -> Iterator[Pair]:
    """The pairs of names and texts that a value is written as in a query, a form or a cookie."""
    name = encode(parameter.name)
    if parameter.media_type is not None:
        yield name, encode(json.dumps(value))
    elif parameter.style == "deepObject":
        yield from ((f"{name}{encode(f'[{key}]')}", encode(text_of(inner))) for key, inner in value.items())
    elif isinstance(value, dict) and parameter.is_exploded:
        yield from ((encode(key), encode(text_of(inner))) for key, inner in value.items())
    elif isinstance(value, list) and parameter.is_exploded:
        yield from ((name, encode(text_of(item))) for item in value)
    else:
        yield name, _DELIMITERS.get(parameter.style, ",").join(_parts(parameter, value, encode))


def _flat(pairs: Iterable[Pair]) -> Iterator[str]:
    return (part for pair in pairs for part in pair)


def _query(query: str) -> list[Pair]:
    parts = (part.partition("=") for part in query.split("&") if part)
    return [(unquote_plus(name), unquote_plus(text)) for name, _, text in parts]


def _pairs_at(location: Location, sent: Sent) -> Sequence[Pair]:
    if location == "form":
        return sent.form
    return _query(sent.query) if location == "query" else _cookies(sent.fields)


def _cookies(fields: Sequence[Pair]) -> list[Pair]:
    lines = [text for name, text in fields if name.lower() == "cookie"]
    parts = (part.strip().partition("=") for line in lines for part in line.split(";"))
    return [(name, text) for name, _, text in parts]


def _split_matrix(parameter: Parameter, text: str) -> list[str]:
    """Splits `;id=a,b`, `;id=a;id=b`, or the `;x=1;y=2` of an exploded object."""
    parts: list[Any] = [part.partition("=") for part in text.removeprefix(";").split(";")]
    if not parameter.is_exploded:
        return [item for _, _, value in parts for item in value.split(",")]
    is_array = all(name == parameter.name for name, _, _ in parts)
    return [value for _, _, value in parts] if is_array else [f"{name}={value}" for name, _, value in parts]
