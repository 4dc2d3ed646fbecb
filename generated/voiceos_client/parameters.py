"""The values of parameters and bodies as text, in every style of OpenAPI."""

import json
from collections.abc import Iterable, Mapping
from typing import Literal, cast
from urllib.parse import quote

from .types import FileContent, FileTypes, RequestFiles, Unset, is_list, is_object

_RESERVED = ":/?#[]@!$&'()*+,;="
_DELIMITERS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}

Style = Literal["simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject", "json"]
"""How a value is written. `json` stands for a parameter with `content`."""


def path_text(name: str, value: object, style: Style, *, explode: bool) -> str:
    """A path parameter as it stands in the path, escaped."""
    if style == "json":
        return quote(_json(value), safe="")
    prefix, delimiter = {"label": (".", "."), "matrix": (";", ";")}.get(style, ("", ","))
    if style == "matrix":
        return "".join(f"{prefix}{pair}" for pair in _pairs(name, value, ",", explode=explode, safe="", is_named=True))
    joint = delimiter if explode else ","
    if is_object(value):
        return prefix + joint.join(_members(value, joint, explode=explode, safe=""))
    return prefix + joint.join(quote(_text(item), safe="") for item in _items(value))


def query_pairs(name: str, value: object, style: Style, *, explode: bool, reserved: bool = False) -> list[str]:
    """A query parameter as parts of the query, `name=value` each, escaped; none if it is not set, or null."""
    safe = _RESERVED.replace("#", "").replace("&", "") if reserved else ""
    if value is None or isinstance(value, Unset):
        return []
    if style == "json":
        return [f"{quote(name, safe='')}={quote(_json(value), safe=safe)}"]
    if style == "deepObject":
        return [f"{quote(key, safe='')}={quote(text, safe=safe)}" for key, text in _deep(name, value)]
    return _pairs(name, value, _DELIMITERS[style], explode=explode, safe=safe, is_named=False)


def query_text(pairs: Iterable[str]) -> str:
    """The query with its question mark; empty without any part."""
    query = "&".join(pairs)
    return f"?{query}" if query else ""


def header_fields(name: str, value: object, style: Style, *, explode: bool) -> dict[str, str]:
    """A header parameter as a field; none if it is not set, or null."""
    if value is None or isinstance(value, Unset):
        return {}
    if style == "json":
        return {name: _json(value)}
    if is_object(value):
        joint = "=" if explode else ","
        return {name: ",".join(f"{key}{joint}{_text(item)}" for key, item in value.items())}
    return {name: ",".join(map(_text, _items(value)))}


def cookie_pairs(name: str, value: object, style: Style, *, explode: bool) -> list[str]:
    """A cookie parameter as `name=value`; none if it is not set, or null. No server decodes the name of a cookie."""
    key = f"{quote(name, safe='')}="
    pairs = query_pairs(name, value, style, explode=explode)
    named = [f"{name}={pair.removeprefix(key)}" if pair.startswith(key) else pair for pair in pairs]
    return ["&".join(named)] if named else []


def form_text(body: Mapping[str, object], styles: Mapping[str, tuple[Style, bool]]) -> bytes:
    """A form, URL-encoded. `styles` has the style and `explode` of the fields that the contract gives one."""
    pairs: list[str] = []
    for name, value in body.items():
        style, explode = styles.get(name, ("json" if _is_structured(value) else "form", True))
        pairs += query_pairs(name, value, style, explode=explode)
    return "&".join(pairs).replace("%20", "+").encode()


def multipart_parts(body: Mapping[str, object], media_types: Mapping[str, str]) -> RequestFiles:
    """The parts of a multipart body. `media_types` has those of the fields that the contract gives one."""
    return [
        (name, _part(item, media_types.get(name)))
        for name, value in body.items()
        for item in (value if is_list(value) else [value])
    ]


def _part(value: object, media_type: str | None) -> FileTypes:
    if isinstance(value, tuple):
        file_name, payload, stated = cast("tuple[str | None, FileContent, str | None]", value)
        return file_name, payload, stated or media_type or "application/octet-stream"
    if is_object(value) or is_list(value):
        return None, _json(value).encode(), media_type or "application/json"
    return None, _text(value).encode(), media_type or "text/plain"


def _pairs(  # noqa: PLR0913 - all that RFC 6570 varies
    name: str, value: object, delimiter: str, *, explode: bool, safe: str, is_named: bool
) -> list[str]:
    """`name=value` for a value, or for each of its items or members if it explodes. A matrix names no empty value."""
    key = quote(name, safe="")
    if is_object(value):
        members = _members(value, delimiter, explode=explode, safe=safe)
        return members if explode else [f"{key}={delimiter.join(members)}"]
    texts = [quote(_text(item), safe=safe) for item in _items(value)]
    if not explode:
        texts = [delimiter.join(texts)] if texts else []
    return [key if is_named and not text else f"{key}={text}" for text in texts]


def _members(value: Mapping[str, object], delimiter: str, *, explode: bool, safe: str) -> list[str]:
    pairs = [(quote(key, safe=""), quote(_text(item), safe=safe)) for key, item in value.items()]
    return [f"{key}={text}" if explode else f"{key}{delimiter}{text}" for key, text in pairs]


def _deep(name: str, value: object) -> list[tuple[str, str]]:
    if is_object(value):
        return [pair for key, item in value.items() for pair in _deep(f"{name}[{key}]", item)]
    return [(name, _text(item)) for item in _items(value)]


def _items(value: object) -> list[object]:
    return value if is_list(value) else [value]


def _is_structured(value: object) -> bool:
    return is_object(value) or (is_list(value) and any(map(_is_structured, value)))


def _text(value: object) -> str:
    """A scalar as text; anything else as JSON."""
    return value if isinstance(value, str) else "" if value is None else _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


__all__ = [
    "Style",
    "cookie_pairs",
    "form_text",
    "header_fields",
    "multipart_parts",
    "path_text",
    "query_pairs",
    "query_text",
]
