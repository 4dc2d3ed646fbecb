"""The merge of the parts of an `allOf`: one schema that states what all of them do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from scripts.generate.keywords import ANNOTATIONS, Schema, types_of, widened, without

if TYPE_CHECKING:
    from spec.json_value import Json

Tell = Callable[[str, str], None]
"""Notes that the models do not hold the keyword at a pointer: `tell(pointer, keyword)`."""
_HIGHEST: Final = {"minimum", "exclusiveMinimum", "minLength", "minItems"}
_LOWEST: Final = {"maximum", "exclusiveMaximum", "maxLength", "maxItems"}


def merge(one: Schema, other: Schema, pointer: str, tell: Tell) -> Schema:
    """The schema that states what both do. Where no single schema can, the first one's statement counts."""
    if not _bounds_agree(one, other):
        tell(f"{pointer}/allOf", "additionalProperties")
        one, other = without(one, "additionalProperties"), without(other, "additionalProperties")
    result = one | {name: value for name, value in other.items() if name not in one}
    for name in (one.keys() & other.keys()) - set(ANNOTATIONS):
        result[name] = _both(name, one[name], other[name], pointer, tell)
    return result


def _both(name: str, one: Json, other: Json, pointer: str, tell: Tell) -> Json:
    """The value of a keyword that states what two values of it do."""
    if name == "required":
        return list(dict.fromkeys([*one, *other]))
    if name in _HIGHEST | _LOWEST:
        return max(one, other) if name in _HIGHEST else min(one, other)
    if name == "properties":
        shared = {key: _both("", value, other[key], pointer, tell) for key, value in one.items() if key in other}
        return one | other | shared
    if name == "type" and (types := [item for item in types_of(one) if item in widened(other)]):
        return types if len(types) > 1 else types[0]
    if one != other:
        tell(f"{pointer}/allOf", "allOf")
    return one


def _bounds_agree(one: Schema, other: Schema) -> bool:
    """True if no part of `allOf` excludes, or types, a field that only the other part names."""
    for closed, beside in ((one, other), (other, one)):
        unknown = beside.get("properties", {}).keys() - closed.get("properties", {}).keys()
        if closed.get("additionalProperties", True) is not True and (unknown or "additionalProperties" in beside):
            return False
    return True
