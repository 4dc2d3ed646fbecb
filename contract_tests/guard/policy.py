"""Decides whether a request may go out, however it is wrapped: a pure function of the request and the target's limits.

Where a reader of the request could make something else of it than this module does, the request is stopped.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import reduce
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote, unquote_plus

from contract_tests.target.limits import ABSENT, NumberRule, Numeral
from spec.reader import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contract_tests.exchange.exchange import Request
    from contract_tests.target.limits import Leaf, Limits
    from spec.json_value import Json

_UNREADABLE: Final = object()
_CHARSETS: Final = {"", "utf-8", "utf8", "us-ascii", "iso-8859-1"}
_SEPARATORS: Final = re.compile(r"[.\[\]/]+")
_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")


class _Pairs(list[tuple[str, Any]]):
    """A JSON object: its keys with their values, those that come twice too."""


def find_complaint(request: Request, limits: Limits) -> str | None:
    """Why a request must not go out; None if it may."""
    try:
        return next(_complaints(request, limits), None)
    except RecursionError:
        return "a body nested too deeply to look into"


def _complaints(request: Request, limits: Limits) -> Iterator[str]:
    if limits.is_free:
        return
    for text in dict.fromkeys(
        [request.query, request.query.replace(";", "&")]
    ):  # some part the fields of a query by a semicolon too
        yield from _complaints_of_fields(parse_qsl(text, keep_blank_values=True), "in the query", limits)
    yield from _complaints_of_fields(request.headers, "in a header field", limits)
    if not request.body:
        return
    media_type, _, parameters = (request.headers.first("Content-Type") or "").lower().partition(";")
    if (request.headers.first("Content-Encoding") or "identity") != "identity" or _charset(parameters) not in _CHARSETS:
        yield "a body in a coding that is not looked into"
    tree = _read(request.body)
    if tree is _UNREADABLE or _may_be_a_form(media_type, request.body):
        yield from _complaints_of_text(request.body, media_type, limits)
    if tree is not _UNREADABLE:
        yield from _complaints_of_tree(tree, limits)


def _complaints_of_tree(tree: Json, limits: Limits) -> Iterator[str]:
    for place, rule in limits.rules.items():
        way = tokens(place)
        leaves = list(_leaves_at(tree, way))
        if isinstance(rule, NumberRule):  # where it stands too deep, a reader may lift it; other names are too common
            leaves += [(leaf, True) for value in _values_named(tree, _name_of(way)) for leaf in _leaves(value)]
        for leaf, is_at_place in leaves:
            if complaint := rule.complaint(leaf, is_at_place=is_at_place):
                yield f"{complaint}, at {place}"


def _complaints_of_fields(fields: Iterable[tuple[str, str]], where: str, limits: Limits) -> Iterator[str]:
    """Finds fault with fields outside of the body that have the name of a place in it."""
    for key, value in fields:
        for place, rule in limits.rules.items():
            is_named = _has_name(key, _name_of(tokens(place)))
            if is_named and (complaint := rule.complaint(value, is_at_place=True)):
                yield f"{complaint}, {where}"


def _complaints_of_text(body: bytes, media_type: str, limits: Limits) -> Iterator[str]:
    """Finds fault with a body that is no JSON, or may be read as something else."""
    raw = body.replace(b"\0", b"").decode(errors="replace")
    rules = limits.rules.values()
    decode = unquote_plus if "form" in media_type else unquote
    for text in dict.fromkeys([raw, _unescape(decode(raw)), _unescape(raw)]):
        rest = reduce(lambda left, rule: rule.without_allowed(left), rules, text)
        yield from filter(None, (rule.complaint_of_text(rest) for rule in rules))


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _read(body: bytes) -> Json:
    """The body as JSON, keys that come twice and numbers as they are written kept; or `_UNREADABLE`."""
    try:
        text = body.decode(json.detect_encoding(body))
        return json.loads(
            text, object_pairs_hook=_Pairs, parse_int=Numeral, parse_float=Numeral, parse_constant=Numeral
        )
    except ValueError:
        return _UNREADABLE


def _leaves_at(node: Json, way: list[str]) -> Iterator[tuple[Leaf, bool]]:
    """The values where the way leads, each with whether it stands there itself.

    What stands on the way in place of an object or an array is yielded too: a reader may look into it after all.
    """
    if not way:
        yield from ((leaf, True) for leaf in _leaves(node))
    elif isinstance(node, _Pairs):
        for key, value in node:
            for names in _readings(key):
                if _leads(names, way):
                    yield from _leaves_at(value, way[len(names) :])
        if len(way) == 1 and way[0] != "*" and all(key != way[0] for key, _ in node):
            yield ABSENT, True  # for a reader that is strict in spelling
    elif isinstance(node, list) and way[0] == "*":
        for item in node:
            yield from _leaves_at(item, way[1:])
    else:
        yield from ((leaf, False) for leaf in _leaves(node))


def _leaves(node: Json) -> Iterator[Leaf]:
    """Every scalar in a value, keys too."""
    if isinstance(node, _Pairs):
        for key, value in node:
            yield key
            yield from _leaves(value)
    elif isinstance(node, list):
        for item in node:
            yield from _leaves(item)
    else:
        yield node


def _values_named(node: Json, name: str) -> Iterator[Any]:
    """The values under a name, however deep."""
    if isinstance(node, _Pairs):
        yield from (value for key, value in node if _has_name(key, name))
    if isinstance(node, list):
        for item in node:
            yield from _values_named(item[1] if isinstance(node, _Pairs) else item, name)


def _name_of(way: list[str]) -> str:
    """The last name on a way."""
    return next((token for token in reversed(way) if token != "*"), "")  # noqa: S105 - a wildcard


def _has_name(key: str, name: str) -> bool:
    """Tells whether a reader that is lax in spelling (`userId`, `User-Id`, `user_id[0]`) takes a key for a field."""
    return any(_plain_name(name) in names for names in _readings(key))


def _readings(key: str) -> set[tuple[str, ...]]:
    """The ways that a key may stand for: that of its one name, and that of the names in `a.b` and `a[b]`."""
    names = (_plain_name(name) for name in _SEPARATORS.split(unicodedata.normalize("NFKC", key)))
    return {(_plain_name(key),), tuple(filter(None, names)) or ("",)}


def _leads(names: tuple[str, ...], way: list[str]) -> bool:
    """Tells whether names go along a way, and perhaps beyond its end."""
    return all(token in {"*", name} or _plain_name(token) == name for name, token in zip(names, way, strict=False))


def _plain_name(name: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name))).casefold()


def _charset(parameters: str) -> str:
    return parameters.partition("charset=")[2].partition(";")[0].strip(" \"'")


def _may_be_a_form(media_type: str, body: bytes) -> bool:
    """Tells whether a body, be it JSON, may be read as the fields of a form."""
    return ("form" in media_type and b"=" in body) or ("multipart" in media_type and b"--" in body)
