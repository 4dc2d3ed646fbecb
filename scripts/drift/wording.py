"""Messages for changes between two specs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from scripts.drift.schemas.demands import text_of
from spec.document import is_annotation, reference
from spec.reader import ABSENT, tokens

if TYPE_CHECKING:
    from scripts.drift.differences import Difference
    from scripts.drift.schemas.demands import Demand
    from spec.json_value import Json

_SHOWN: Final = 60
_NOUNS: Final = {
    "callbacks": "Callback",
    "content": "Media type",
    "encoding": "Encoding",
    "flows": "OAuth flow",
    "headers": "Header",
    "links": "Link",
    "mapping": "Mapping",
    "parameters": "Parameter",
    "paths": "Path",
    "properties": "Property",
    "patternProperties": "Pattern",
    "requestBodies": "Request body",
    "responses": "Response",
    "schemas": "Schema",
    "scopes": "Scope",
    "securitySchemes": "Security scheme",
    "security": "Security requirement",
    "servers": "Server",
    "tags": "Tag",
    "variables": "Server variable",
    "webhooks": "Webhook",
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), "Branch"),
}
_LISTS: Final = {"allOf", "anyOf", "oneOf", "parameters", "prefixItems", "security", "servers", "tags"}
# The keys below these are names that the author chose.
_NAMING: Final = {
    *("$defs", "callbacks", "content", "dependentSchemas", "headers", "links", "parameters", "pathItems", "paths"),
    *("patternProperties", "properties", "requestBodies", "responses", "schemas", "securitySchemes", "variables"),
    "webhooks",
}


def describe(difference: Difference) -> str:
    """The message for a difference as it is written."""
    pointer, before, after = difference
    targets = reference(before), reference(after)
    if before is not ABSENT and after is not ABSENT and any(targets):
        return subject(pointer, f"refers to {targets[1]} now" if targets[1] else f"no longer refers to {targets[0]}")
    is_thing = pointer.split("/")[-2] in _NOUNS or isinstance(after if before is ABSENT else before, dict)
    if is_thing and (before is ABSENT or after is ABSENT):
        return subject(pointer, "was added" if before is ABSENT else "was removed")
    return changed(pointer, before, after)


def changed(pointer: str, before: Json, after: Json) -> str:
    """The message for a value that changed: one sentence. The text of an annotation is not repeated."""
    owner = name_of(pointer.rpartition("/")[0])
    return f"`{tokens(pointer)[-1]}`{f' of `{owner}`' if owner else ''} {_happened(pointer, before, after)}."


def became(before: Demand, after: Demand, values: tuple[Json, Json]) -> str:
    """The message for a demand that another keyword states now, such as `const` for `enum`."""
    old, new = (tokens(demand.pointer)[-1] for demand in (before, after))
    owner = name_of(after.pointer.rpartition("/")[0])
    return f"`{old}` {_text(values[0])}{f' of `{owner}`' if owner else ''} became `{new}` {_text(values[1])}."


def listed(pointer: str, before: Json, after: Json) -> str:
    """The message for a keyword whose members changed. What matters is which were gained and lost."""
    if before is ABSENT or after is ABSENT:
        return changed(pointer, before, after)
    owner = name_of(pointer.rpartition("/")[0])
    return f"`{tokens(pointer)[-1]}`{f' of `{owner}`' if owner else ''} {_members(before, after)}."


def subject(pointer: str, verb: str) -> str:
    """The message for a thing with a name that was added or removed, and its owner."""
    above, _, last = pointer.rpartition("/")
    container, owner = above.rpartition("/")[2], name_of(above)
    noun = _NOUNS.get(container)
    is_item = last.isdecimal() and container in _LISTS
    named = (noun or f"An entry of `{container}`") if is_item else f"`{tokens(f'/{last}')[0]}`"
    words = [named] if not noun or is_item else [noun, named]
    return " ".join([*words, *([f"of `{owner}`"] if owner else []), verb]) + "."


def name_of(pointer: str) -> str:
    """The name that people know a pointer by: the nearest one that the author chose, or nothing."""
    way = iter(tokens(pointer))
    named = [(key, next(way, "")) for key in way if key in _NAMING]
    # Parameters are named among the components; elsewhere they are numbered.
    names = [name for key, name in named if name and not (key == "parameters" and name.isdecimal())]
    return names[-1] if names else ""


def _happened(pointer: str, before: Json, after: Json) -> str:
    if is_annotation(tokens(pointer)[-1]):
        return "was added" if before is ABSENT else "was removed" if after is ABSENT else "was reworded"
    if before is ABSENT:
        return f"was set to {_text(after)}"
    if after is ABSENT:
        return f"was removed; it was {_text(before)}"
    if isinstance(before, list) and isinstance(after, list):
        return _members(before, after)
    return f"changed from {_text(before)} to {_text(after)}"


def _members(before: list[Any], after: list[Any]) -> str:
    """The members that a list gained and lost. 1 and true are different ones."""
    old, new = ({text_of(member): member for member in side} for side in (before, after))
    gained = [_text(member) for text, member in new.items() if text not in old]
    lost = [_text(member) for text, member in old.items() if text not in new]
    told = [f"{verb} {', '.join(members)}" for verb, members in (("gained", gained), ("lost", lost)) if members]
    return " and ".join(told) or "was put in another order"


def _text(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
