"""Fields that go in one direction alone: requests lack `readOnly` ones, responses `writeOnly` ones."""

from __future__ import annotations

from enum import Enum
from itertools import filterfalse
from typing import TYPE_CHECKING, Any

from spec.reader import target_of, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from spec.json_value import Json


class Direction(Enum):
    """The direction of a body. Its value is the keyword that marks the fields which a body in it lacks."""

    REQUEST = "readOnly"
    RESPONSE = "writeOnly"


def without_required(document: dict[str, Any], keyword: str) -> dict[str, Any]:
    """A document whose schemas require no field that is marked by a keyword; the same one if none does.

    OpenAPI 3.0 says so in section 4.7.24.2: if such a field is required, that holds in the other direction alone.
    """
    if not _has(document, keyword):
        return document
    changed: dict[str, Any] = rewrite(document, lambda schema: _without_marked(document, schema, keyword))
    return changed


def with_marked(document: dict[str, Any], keyword: str, schema: Json) -> dict[str, Any]:
    """A document with another schema in place of each field that is marked by a keyword; the same one if none is.

    A server ignores a `readOnly` field of a request, or refuses it (JSON Schema Validation, section 9.4). With `{}` in
    its place, no value of it is held against anybody. `false` finds the requests that have it.
    """
    if not _has(document, keyword):
        return document

    def change(node: dict[str, Any]) -> dict[str, Any]:
        fields = node.get("properties")
        if not isinstance(fields, dict):
            return node
        marked = [name for name, inner in fields.items() if is_marked(document, inner, keyword)]
        return {**node, "properties": fields | dict.fromkeys(marked, schema)} if marked else node

    changed: dict[str, Any] = rewrite(document, change)
    return changed


def rewrite(node: Json, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Json:
    """A part of the document with its objects changed; the part itself where nothing in it changes."""
    if isinstance(node, dict):
        inner = change({name: rewrite(value, change) for name, value in node.items()})
        return node if _are_same(inner, node) else inner
    if isinstance(node, list):
        items = [rewrite(item, change) for item in node]
        return node if all(map(_is, items, node)) else items
    return node


def is_marked(document: Json, schema: Json, keyword: str) -> bool:
    """Tells whether a field's schema, or one that it refers to, is marked by `readOnly` or `writeOnly`."""
    return any(each.get(keyword) is True for each in _same_object(document, schema))


def marked_fields(document: Json, schema: Json, keyword: str) -> set[str]:
    """The names of the fields of an object's schema, and of those that it takes in, that a keyword marks."""
    fields = [each["properties"] for each in _same_object(document, schema) if isinstance(each.get("properties"), dict)]
    return {name for each in fields for name, inner in each.items() if is_marked(document, inner, keyword)}


def _has(node: Json, keyword: str) -> bool:
    """Tells whether a keyword stands anywhere in the document."""
    if isinstance(node, dict):
        return keyword in node or any(_has(inner, keyword) for inner in node.values())
    return isinstance(node, list) and any(_has(item, keyword) for item in node)


def _without_marked(document: Json, schema: dict[str, Any], keyword: str) -> dict[str, Any]:
    required = schema.get("required")
    if not isinstance(required, list):
        return schema
    marked = marked_fields(document, schema, keyword)
    return (
        schema if marked.isdisjoint(required) else {**schema, "required": [*filterfalse(marked.__contains__, required)]}
    )


def _same_object(document: Json, schema: Json) -> Iterator[dict[str, Any]]:
    """A schema, and those that it takes in by `$ref` and `allOf`."""
    waiting, seen = [schema], set[str]()
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield each
            waiting += each["allOf"] if isinstance(each.get("allOf"), list) else []
            reference = each.get("$ref")
            if isinstance(reference, str) and reference not in seen:
                seen.add(reference)
                waiting.append(value_or_absent(document, target_of(reference)))


def _are_same(one: Mapping[str, Json], other: Mapping[str, Json]) -> bool:
    return len(one) == len(other) and all(one[name] is other[name] for name in other)


def _is(one: Json, other: Json) -> bool:
    return one is other
