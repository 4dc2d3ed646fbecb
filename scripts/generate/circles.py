"""References in a circle: through them, an object stands for itself, or a schema judges a value by itself."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from spec.document import is_for_people, keywords
from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.document import Keyword
    from spec.json_value import Json

_SCHEMA: Final = frozenset({"not", "if", "then", "else"})
_SCHEMAS: Final = {"allOf", "anyOf", "oneOf", "dependentSchemas"}


def find_circles(document: Json, also_through: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yields the pointer of one object with a `$ref` for each circle.

    A property or an item is another value than the one that holds it. So a schema may lead back to itself through them,
    unless their keyword is among `also_through`.
    """
    applied = _applied(document, _SCHEMA | also_through)
    while circle := _circle(applied):
        owner, target = next(pair for pair in pairwise(circle) if not pair[1].startswith(f"{pair[0]}/"))
        applied[owner].discard(target)
        yield owner


def _circle(applied: dict[str, set[str]]) -> list[str]:
    """The pointers of objects that each apply the next one, up to the first one again; empty without a circle."""
    try:
        TopologicalSorter(applied).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[::-1]
    return []


def _applied(document: Json, of_one: frozenset[str]) -> dict[str, set[str]]:
    """Maps the pointer of each object to those of the objects that hold where it holds."""
    found: dict[str, set[str]] = {}
    for keyword in keywords(document):
        targets = {*_targets(keyword, of_one)}
        if targets and not is_for_people(keyword.pointer):
            found.setdefault(keyword.pointer.rpartition("/")[0], set()).update(targets)
    return found


def _targets(keyword: Keyword, of_one: frozenset[str]) -> Iterator[str]:
    pointer, name, value, in_schema = keyword
    if name == "$ref" and isinstance(value, str) and value.startswith("#"):
        yield target_of(value)
    elif in_schema and name in of_one:
        yield pointer
    elif in_schema and name in _SCHEMAS and isinstance(value, list | dict):
        keys = map(str, range(len(value))) if isinstance(value, list) else map(escape, value)
        yield from (f"{pointer}/{key}" for key in keys)
