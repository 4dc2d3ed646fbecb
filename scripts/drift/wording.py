"""A difference between two specs, in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from scripts.document import ABSENT, is_annotation
from spec.reader import tokens

if TYPE_CHECKING:
    from scripts.drift.differences import Difference

_SHOWN: Final = 60
_NOUNS: Final = {
    "content": "Media type",
    "headers": "Header",
    "parameters": "Parameter",
    "paths": "Path",
    "properties": "Property",
    "responses": "Response",
    "schemas": "Schema",
    "securitySchemes": "Security scheme",
    "security": "Security requirement",
    "servers": "Server",
    "tags": "Tag",
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), "Branch"),
}
# A key below one of these is a name that the author chose.
_NAMING: Final = {
    *("$defs", "callbacks", "content", "headers", "parameters", "paths", "patternProperties", "properties"),
    *("requestBodies", "responses", "schemas", "securitySchemes"),
}


def describe(difference: Difference) -> str:
    """A difference in words."""
    if difference.keyword is None:
        return f"{_thing(difference)} was {difference.kind}."
    if difference.keyword == "key":
        return f"{_thing(difference, difference.before)} was renamed to `{difference.after}`."
    owner = name_of(difference.pointer)
    return f"`{difference.keyword}`{f' of `{owner}`' if owner else ''} {_happened(difference)}."


def name_of(pointer: str) -> str:
    """What people call the thing that a pointer leads to: the nearest name around it that the author chose, if any."""
    way = iter(tokens(pointer))
    named = [(key, next(way, "")) for key in way if key in _NAMING]
    # Parameters are named among the components; elsewhere they are numbered.
    names = [name for key, name in named if name and not (key == "parameters" and name.isdecimal())]
    return names[-1] if names else ""


def _happened(difference: Difference) -> str:
    """What happened to a keyword; the words of an annotation are not repeated."""
    before, after = difference.before, difference.after
    if is_annotation(difference.keyword or ""):
        return "was added" if before is ABSENT else "was removed" if after is ABSENT else "was reworded"
    if before is ABSENT:
        return f"was set to {_text(after)}"
    if after is ABSENT:
        return f"was removed; it was {_text(before)}"
    if isinstance(before, list) and isinstance(after, list):
        return _members(before, after)
    return f"changed from {_text(before)} to {_text(after)}"


def _thing(difference: Difference, key: object = None) -> str:
    """What was added, removed or renamed, and what it is a part of."""
    above, _, last = difference.pointer.rpartition("/")
    container, owner = above.rpartition("/")[2], name_of(above)
    noun = _NOUNS.get(container)
    named = (noun or f"An entry of `{container}`") if last.isdecimal() else f"`{key or tokens(f'/{last}')[0]}`"
    words = [named] if not noun or last.isdecimal() else [noun, named]
    return " ".join([*words, *([f"of `{owner}`"] if owner else [])])


def _members(before: list[Any], after: list[Any]) -> str:
    """What a list gained and lost."""
    gained = [_text(member) for member in after if member not in before]
    lost = [_text(member) for member in before if member not in after]
    told = [f"{verb} {', '.join(members)}" for verb, members in (("gained", gained), ("lost", lost)) if members]
    return " and ".join(told) or "was put in another order"


def _text(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
