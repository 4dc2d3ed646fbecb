"""Decides whether a body may go out. It must be read to its last byte: JSON, or malformed JSON of a known kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from contract_tests.exchange.malformed import NO_JSON, objects_behind, without_depth
from contract_tests.guard.addresses import (
    complaints_of_text,
    complaints_of_value,
    sounds_like_a_number,
    sounds_like_a_url,
)
from contract_tests.guard.spellings import has_name, leads, readings
from contract_tests.guard.trees import NO_TREE, Pairs, read_tree, unfolded
from contract_tests.target.limits import ABSENT, COMPOUND, Numeral, UrlRule
from spec.reader import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.target.limits import Leaf, Limits
    from spec.json_value import Json

_FORM_KEY: Final = re.compile(r"[\w.\[\]-]+")
"""A key that a reader of forms may take for one."""


def complaints_of_json(body: bytes, limits: Limits) -> Iterator[str]:
    """Finds fault with a body that a reader takes for JSON, or malformed JSON."""
    if body == NO_JSON:
        return
    tree = read_tree(without_depth(body))
    trees = [tree] if tree is not NO_TREE else list(map(read_tree, objects_behind(body)))
    understood = [each for each in trees if each is not NO_TREE]
    if not understood:
        yield "a body that is neither JSON nor malformed in a known way"
    for each in understood:
        yield from complaints_of_tree(each, limits)


def complaints_of_json_as_form(body: bytes, limits: Limits) -> Iterator[str]:
    """Finds fault with JSON that a reader may take for a form, such as `{"a": "b&c=d"}`."""
    text = body.decode("latin-1")
    for form in dict.fromkeys([text, text.replace(";", "&")]):  # some part the fields by a semicolon too
        pairs = parse_qsl(form, keep_blank_values=True)
        for key, value in pairs:
            yield from _complaints_by_name(key, value, limits)
        yield from complaints_of_tree(Pairs(pair for pair in pairs if _FORM_KEY.fullmatch(pair[0])), limits)


def is_json(body: bytes) -> bool:
    """Tells whether a body is JSON by the letter."""
    return read_tree(body) is not NO_TREE


def complaints_of_field(key: str, value: str, limits: Limits) -> Iterator[str]:
    """Finds fault with a field of texts: of a form, a query, a header and the like."""
    for text in (key, value):
        yield from complaints_of_text(text, limits)
    yield from _complaints_by_name(key, value, limits)


def _complaints_by_name(key: str, value: str, limits: Limits) -> Iterator[str]:
    for place, rule in limits.rules.items():
        if has_name(key, _name_of(tokens(place))) and (complaint := rule.complaint_of_field(value)):
            yield f"{complaint}, in the field {place}"
    yield from _complaints_by_kind(key, value, limits)


def _complaints_by_kind(key: str, value: Json, limits: Limits) -> Iterator[str]:
    """Finds fault with a value whose field, documented or not, may be for a URL or for a number to ring."""
    if sounds_like_a_url(key):
        yield from _complaints_of_url(value, limits)
    for leaf in _leaves(value) if sounds_like_a_number(key) else ():
        if isinstance(leaf, str):
            yield from complaints_of_value(leaf, limits)


def complaints_of_tree(tree: Json, limits: Limits) -> Iterator[str]:
    """Finds fault with a value: at the places of the limits, under their names, and with what can be rung anywhere."""
    deeper = unfolded(tree)
    for each in [tree] if deeper == tree else [tree, deeper]:
        yield from _complaints_of_reading(each, limits)


def _complaints_of_reading(tree: Json, limits: Limits) -> Iterator[str]:
    for place, rule in limits.rules.items():
        way = tokens(place)
        for leaf, is_at_place in (*_leaves_at(tree, way), *_leaves_named(tree, _name_of(way))):
            if complaint := rule.complaint(leaf, is_at_place=is_at_place):
                yield f"{complaint}, at {place}"
    yield from _complaints_anywhere(tree, limits)


def _complaints_anywhere(node: Json, limits: Limits) -> Iterator[str]:
    """Finds fault with what can be rung or reached, wherever it stands."""
    if isinstance(node, Pairs):
        for key, value in node:
            yield from complaints_of_text(key, limits)
            yield from _complaints_anywhere(value, limits)
            yield from _complaints_by_kind(key, value, limits)
    elif isinstance(node, list):
        for item in node:
            yield from _complaints_anywhere(item, limits)
    elif (inner := _inner_json(node)) is not NO_TREE:
        yield from _complaints_anywhere(inner, limits)
    elif isinstance(node, str):
        yield from complaints_of_text(node, limits)


def _complaints_of_url(value: Json, limits: Limits) -> Iterator[str]:
    """Finds fault with a text, or a list of texts, whose field may be for a URL."""
    if not any(isinstance(rule, UrlRule) for rule in limits.rules.values()):
        return
    rule = UrlRule(limits.listed_urls)
    for item in value if isinstance(value, list) and not isinstance(value, Pairs) else [value]:
        if not isinstance(item, list) and (complaint := rule.complaint(item, is_at_place=True)):
            yield complaint


def _leaves_at(node: Json, way: list[str]) -> Iterator[tuple[Leaf, bool]]:
    """The values where the way leads, each with whether it stands there itself.

    What stands on the way in place of an object or an array is yielded too: a reader may look into it after all.
    """
    if not way:
        yield from ((leaf, True) for leaf in _leaves(node))
    elif isinstance(node, Pairs):
        yield from _leaves_in_object(node, way)
    elif isinstance(node, list):
        for item in node:  # where no array belongs, a reader may take its items one by one
            yield from _leaves_at(item, way[1:] if way[0] == "*" else way)
    elif (inner := _inner_json(node)) is not NO_TREE:
        yield from _leaves_at(inner, way)
    else:
        yield node, False


def _leaves_in_object(node: Pairs, way: list[str]) -> Iterator[tuple[Leaf, bool]]:
    for key, value in node:
        for names in readings(key):
            if leads(names, way):
                rest = way[len(names) :]
                yield from _leaves_at(value, rest)
                if len(rest) == 1 and value is not None and _is_empty(value):
                    yield ABSENT, True  # for a reader that makes an object without fields of it
    if len(way) == 1 and way[0] != "*" and all(key != way[0] for key, _ in node):
        yield ABSENT, True  # for a reader that is strict in spelling


def _is_empty(node: Json) -> bool:
    """True for a value that holds nothing: false, a blank text, an array of such values or nulls; as JSON text too."""
    if isinstance(node, list):
        return not isinstance(node, Pairs) and all(map(_is_empty, node))
    if isinstance(node, str):
        inner = read_tree(node)
        return not node.strip() or (not isinstance(inner, str) and inner is not NO_TREE and _is_empty(inner))
    return node is None or node is False


def _inner_json(node: Json) -> Json:
    """The array or object that a text holds as JSON, as a reader may find that decodes twice; or `NO_TREE`."""
    is_text = isinstance(node, str) and not isinstance(node, Numeral)
    inner = read_tree(node) if is_text else NO_TREE
    return inner if isinstance(inner, list | str) and not isinstance(inner, Numeral) else NO_TREE


def _leaves(node: Json) -> Iterator[Leaf]:
    """Every scalar in a value, keys too; of an array or an object, itself before."""
    if isinstance(node, list):
        yield COMPOUND
    if isinstance(node, Pairs):
        for key, value in node:
            yield key
            yield from _leaves(value)
    elif isinstance(node, list):
        for item in node:
            yield from _leaves(item)
    else:
        yield node


def _leaves_named(node: Json, name: str) -> Iterator[tuple[Leaf, bool]]:
    """The values under a name, however deep: where one stands too deep, a reader may lift it."""
    if isinstance(node, Pairs):
        yield from ((leaf, True) for key, value in node if has_name(key, name) for leaf in _leaves(value))
    if isinstance(node, list):
        for item in node:
            yield from _leaves_named(item[1] if isinstance(node, Pairs) else item, name)


def _name_of(way: list[str]) -> str:
    """The last name on a way."""
    return next((token for token in reversed(way) if token != "*"), "")  # noqa: S105 - a wildcard
