"""Messages for differences between two specs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from spec.document import is_annotation
from spec.reader import ABSENT, tokens

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
# The keys below these are names that the author chose.
_NAMING: Final = {
    *("$defs", "callbacks", "content", "headers", "parameters", "paths", "patternProperties", "properties"),
    *("requestBodies", "responses", "schemas", "securitySchemes"),
}


def describe(difference: Difference) -> str:
    """The message for a difference: one sentence."""
    if difference.keyword is None:
        return f"{_thing(difference)} was {difference.kind}."
    if difference.keyword == "key":
        return f"{_thing(difference, difference.before)} was renamed to `{difference.after}`."
    owner = name_of(difference.pointer)
    return f"`{difference.keyword}`{f' of `{owner}`' if owner else ''} {_happened(difference)}."


def name_of(pointer: str) -> str:
    """The name that people know a pointer by: the nearest one that the author chose, or nothing."""
    way = iter(tokens(pointer))
    named = [(key, next(way, "")) for key in way if key in _NAMING]
    # Parameters are named among the components; elsewhere they are numbered.
    names = [name for key, name in named if name and not (key == "parameters" and name.isdecimal())]
    return names[-1] if names else ""


def _happened(difference: Difference) -> str:
    """The change of a keyword. The text of an annotation is not repeated."""
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
    """The thing that was added, removed or renamed, and its owner."""
    above, _, last = difference.pointer.rpartition("/")
    container, owner = above.rpartition("/")[2], name_of(above)
    noun = _NOUNS.get(container)
    named = (noun or f"An entry of `{container}`") if last.isdecimal() else f"`{key or tokens(f'/{last}')[0]}`"
    words = [named] if not noun or last.isdecimal() else [noun, named]
    return " ".join([*words, *([f"of `{owner}`"] if owner else [])])


def _members(before: list[Any], after: list[Any]) -> str:
    """The members that a list gained and lost."""
    gained = [_text(member) for member in after if member not in before]
    lost = [_text(member) for member in before if member not in after]
    told = [f"{verb} {', '.join(members)}" for verb, members in (("gained", gained), ("lost", lost)) if members]
    return " and ".join(told) or "was put in another order"


def _text(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
