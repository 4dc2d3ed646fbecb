"""What a schema means, whichever way it is written, and which of two schemas admits more.

`const: a` means `enum: [a]`, `type: [string, 'null']` means `anyOf` of the two, and a `$ref` what it leads to. Compared
keyword by keyword, such edits break; here they are the same.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

from scripts.document import ABSENT, is_annotation, reference, value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Relation = Literal["same", "wider", "narrower", "other"]
"""How a schema stands to the one before it: it admits the same, more, less; or neither can be said."""

Schema = dict[str, Any]
_Above = tuple[str, ...] | None

BESIDE: Final = frozenset({"default", "deprecated", "discriminator", "readOnly", "writeOnly"})
"""Keywords that say something other than which values are admitted."""

BRANCHES: Final = ("anyOf", "oneOf", "allOf")
"""Keywords whose value is a list of schemas, each for the whole instance."""
_SCHEMAS: Final = {
    *("additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"),
    *("unevaluatedItems", "unevaluatedProperties"),
}
_MAPS: Final = {"dependentSchemas", "patternProperties", "properties"}
_SETS: Final = {"enum", "required", "type"}
_EMPTY: Final[dict[str, tuple[Any, ...]]] = {
    "additionalProperties": ({},),
    "items": ({},),
    "unevaluatedItems": ({},),
    "unevaluatedProperties": ({},),
    "uniqueItems": (False,),
    "required": ([],),
    "properties": ({},),
    "minItems": (0,),
    "minLength": (0,),
    "minProperties": (0,),
    "deprecated": (False,),
    "readOnly": (False,),
    "writeOnly": (False,),
}
_LIMITING: Final[dict[str, set[str]]] = {
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "string": {"minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"},
    "array": {"items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems", "unevaluatedItems"},
    "object": {
        *("properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties"),
        *("maxProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties"),
    },
}
# What these mean depends on the keywords beside them, so that fewer keywords do not mean more values.
_CONTEXTUAL: Final = {
    "additionalProperties",
    "items",
    "unevaluatedItems",
    "unevaluatedProperties",
    "if",
    "then",
    "else",
}


def relate(base: object, base_document: Mapping[str, Any], new: object, document: Mapping[str, Any]) -> Relation:
    """How a schema stands to the one before it, each with the document that its references lead into."""
    old, now = (_admitted(meaning(*pair)) for pair in ((base, base_document), (new, document)))
    if old == now:
        return "same"
    if _is_wider(old, now):
        return "wider"
    return "narrower" if _is_wider(now, old) else "other"


def null_only(base: object, base_document: Mapping[str, Any], new: object, document: Mapping[str, Any]) -> bool:
    """Whether null is all that one of two schemas admits and the other does not."""
    old, now = (_branches(_admitted(meaning(*pair))) for pair in ((base, base_document), (new, document)))
    return old ^ now == {_text({"type": ["null"]})}


def meaning(schema: object, document: Mapping[str, Any], above: _Above = ()) -> Schema:
    """The schema in the one form that all its spellings share.

    A reference as a branch means what it leads to; one as a part, as a property, stays, for that is compared by itself.
    `above` are the references that led here, None in a part.
    """
    if not isinstance(schema, dict):
        return {"not": {}} if schema is False else {}
    if (target := reference(schema)) is not None:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return _merge(_follow(target, document, above), meaning(beside, document, above))
    kept = {key: _value(key, value, document, above) for key, value in schema.items() if not is_annotation(key)}
    if "const" in kept:
        kept["enum"] = [kept.pop("const")]
    kept = {key: value for key, value in kept.items() if value not in _EMPTY.get(key, ())}
    return _unite(_unwrap(kept))


def _is_wider(old: Schema, now: Schema) -> bool:
    """Whether the second admits all that the first does, and more, as far as their branches show."""
    if not old or not now:
        return not now
    if _union(now, "oneOf") and _union(old, "anyOf"):
        return False
    return _branches(old) < _branches(now) or (_branches(old) == _branches(now) and bool(_union(old, "oneOf")))


def _follow(target: str, document: Mapping[str, Any], above: _Above) -> Schema:
    if above is None or target in above:
        return {"$ref": target}
    value = value_at(document, target)
    return {"$ref": target} if value is ABSENT else meaning(value, document, (*above, target))


def _value(key: str, value: Any, document: Mapping[str, Any], above: _Above) -> Any:  # noqa: ANN401, PLR0911 - JSON of any shape
    if key in _SCHEMAS:
        return meaning(value, document, None)
    if key in _MAPS and isinstance(value, dict):
        return {name: meaning(schema, document, None) for name, schema in value.items()}
    if key in BRANCHES and isinstance(value, list):
        return _sorted(meaning(branch, document, above) for branch in value)
    if key == "prefixItems" and isinstance(value, list):
        return [meaning(item, document, None) for item in value]
    if key == "type" and isinstance(value, str):
        return [value]
    if key in _SETS and isinstance(value, list):
        return _sorted(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _merge(first: Schema, second: Schema) -> Schema:
    """The schema that asks for both."""
    if not first or not second:
        return first or second
    if not set(second) - BESIDE:
        return first | second
    return {"allOf": _sorted([first, second])}


def _unwrap(schema: Schema) -> Schema:
    """The schema without an `allOf`, `anyOf` or `oneOf` of a single branch."""
    for keyword in BRANCHES:
        branches = schema.get(keyword)
        if isinstance(branches, list) and len(branches) == 1 and not set(schema) - BESIDE - {keyword}:
            beside = {key: value for key, value in schema.items() if key != keyword}
            return _merge(branches[0], beside)
    return schema


def _unite(schema: Schema) -> Schema:
    """A union as `anyOf`, where it is one: several types, `oneOf` of different types, unions within unions."""
    beside = {key: value for key, value in schema.items() if key in BESIDE}
    admitted = _admitted(schema)
    if len(admitted.get("type", [])) > 1:
        each = [_one_type(admitted, name) for name in admitted["type"]]
        return _unwrap({"anyOf": _absorb(branch for branch in each if branch.get("enum") != [])} | beside)
    alternatives = _union(admitted, "oneOf")
    if alternatives is not None and _exclude_each_other(alternatives):
        admitted = {"anyOf": alternatives}
    if (union := _union(admitted, "anyOf")) is None:
        return schema
    flat = [inner for branch in union for inner in _union(branch, "anyOf") or [branch]]
    return _unwrap({"anyOf": _absorb(flat)} | beside)


def _one_type(schema: Schema, name: str) -> Schema:
    """What a schema of several types asks of one of them."""
    kind = "number" if name == "integer" else name
    foreign = {key for other, keys in _LIMITING.items() if other != kind for key in keys}
    kept = {key: value for key, value in schema.items() if key not in foreign and (key != "format" or kind != "null")}
    if isinstance(kept.get("enum"), list):
        kept["enum"] = [member for member in kept["enum"] if _is_of(member, name)]
    if kept.get("enum") == [None]:
        del kept["enum"]
    return kept | {"type": [name]}


def _is_of(value: object, name: str) -> bool:
    if isinstance(value, bool) or name == "boolean":
        return isinstance(value, bool) and name == "boolean"
    kinds: dict[str, type | tuple[type, ...]] = {
        "array": list,
        "integer": int,
        "null": type(None),
        "number": (int, float),
        "object": dict,
        "string": str,
    }
    return isinstance(value, kinds.get(name, ()))


def _absorb(branches: Iterable[Schema]) -> list[Schema]:
    """The branches of a union without those that another branch admits whole."""
    some = _sorted(branches)
    return [branch for branch in some if not any(_asks_less(other, branch) for other in some)]


def _asks_less(first: Schema, second: Schema) -> bool:
    """Whether the first asks for some of what the second asks for, and for nothing else."""
    if first == second or set(first) & (_CONTEXTUAL | BESIDE):
        return False
    return all(key in second and second[key] == value for key, value in first.items())


def _exclude_each_other(branches: list[Schema]) -> bool:
    types = [name for branch in branches for name in branch.get("type", ["", ""])]
    return len(types) == len(set(types)) and not {"integer", "number"} <= set(types)


def _admitted(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key not in BESIDE}


def _branches(schema: Schema) -> set[str]:
    alternatives = _union(schema, "anyOf") or _union(schema, "oneOf") or [schema]
    return {_text(branch) for branch in alternatives}


def _union(schema: Schema, keyword: str) -> list[Schema] | None:
    """The branches of a schema that is nothing but a union."""
    return schema[keyword] if set(schema) == {keyword} else None


def _sorted(values: Iterable[Any]) -> list[Any]:
    unique = {_text(value): value for value in values}
    return [unique[text] for text in sorted(unique)]


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)
