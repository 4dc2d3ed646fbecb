"""The normal form of a schema: one form for all its spellings.

`const: a` becomes `enum: [a]`, `type: [string, 'null']` becomes an `anyOf` of the two, and a `$ref` becomes the schema
that it leads to. Compared keyword by keyword, such edits break; by their normal forms they are the same.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from spec.document import is_annotation, reference
from spec.reader import ABSENT, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spec.json_value import Json

Schema = dict[str, Any]
_Above = tuple[str, ...] | None

BESIDE: Final = frozenset({"default", "deprecated", "discriminator", "readOnly", "writeOnly"})
"""Keywords that do not decide which values are admitted."""

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
# Keywords that depend on those beside them. A schema with fewer of these does not admit more values.
_CONTEXTUAL: Final = {
    "additionalProperties",
    "items",
    "unevaluatedItems",
    "unevaluatedProperties",
    "if",
    "then",
    "else",
}


def normal_form(schema: object, document: Mapping[str, Any], above: _Above = ()) -> Schema:
    """The normal form of a schema. The normal form of a normal form is itself.

    A reference in a branch is replaced by its target. A reference in a part, such as a property, stays: its target is
    compared by itself. `above` holds the references that led here, or is None in a part.
    """
    if not isinstance(schema, dict):
        return {"not": {}} if schema is False else {}
    if (target := reference(schema)) is not None:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return _merge(_follow(target, document, above), normal_form(beside, document, above))
    kept = {key: _value(key, value, document, above) for key, value in schema.items() if not is_annotation(key)}
    if "const" in kept:
        kept["enum"] = [kept.pop("const")]
    kept = {key: value for key, value in kept.items() if value not in _EMPTY.get(key, ())}
    return _unite(_unwrap(kept))


def _follow(target: str, document: Mapping[str, Any], above: _Above) -> Schema:
    if above is None or target in above:
        return {"$ref": target}
    value = value_or_absent(document, target)
    return {"$ref": target} if value is ABSENT else normal_form(value, document, (*above, target))


def _value(key: str, value: Json, document: Mapping[str, Any], above: _Above) -> Json:  # noqa: PLR0911 - a case for each kind of keyword
    if key in _SCHEMAS:
        return normal_form(value, document, None)
    if key in _MAPS and isinstance(value, dict):
        return {name: normal_form(schema, document, None) for name, schema in value.items()}
    if key in BRANCHES and isinstance(value, list):
        return _sorted(normal_form(branch, document, above) for branch in value)
    if key == "prefixItems" and isinstance(value, list):
        return [normal_form(item, document, None) for item in value]
    if key == "type" and isinstance(value, str):
        return [value]
    if key in _SETS and isinstance(value, list):
        return _sorted(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _merge(first: Schema, second: Schema) -> Schema:
    """The schema that demands both."""
    if not first or not second:
        return first or second
    if not set(second) - BESIDE:
        return first | second
    return _unwrap({"allOf": _sorted([first, second])})


def _unwrap(schema: Schema) -> Schema:
    """The schema, with an `allOf`, `anyOf` or `oneOf` of a single branch replaced by that branch."""
    for keyword in BRANCHES:
        branches = schema.get(keyword)
        if isinstance(branches, list) and len(branches) == 1 and not set(schema) - BESIDE - {keyword}:
            beside = {key: value for key, value in schema.items() if key != keyword}
            return _merge(branches[0], beside)
    return schema


def _unite(schema: Schema) -> Schema:
    """The schema as `anyOf` if it is a union: several types, `oneOf` of different types, unions within unions."""
    beside = {key: value for key, value in schema.items() if key in BESIDE}
    admitted = admission(schema)
    if len(admitted.get("type", [])) > 1:
        each = [_one_type(admitted, name) for name in admitted["type"]]
        return _unwrap({"anyOf": _absorb(branch for branch in each if branch.get("enum") != [])} | beside)
    alternatives = union(admitted, "oneOf")
    if alternatives is not None and _exclude_each_other(alternatives):
        admitted = {"anyOf": alternatives}
    if (branches := union(admitted, "anyOf")) is None:
        return schema
    flat = [inner for branch in branches for inner in union(branch, "anyOf") or [branch]]
    return _unwrap({"anyOf": _absorb(flat)} | beside)


def _one_type(schema: Schema, name: str) -> Schema:
    """The part of a schema of several types that applies to one of them."""
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
    """The branches of a union, without those whose values another branch admits anyway."""
    some = _sorted(branches)
    return [branch for branch in some if not any(_asks_less(other, branch) for other in some)]


def _asks_less(first: Schema, second: Schema) -> bool:
    """True if the first schema demands a part of what the second demands, and nothing else."""
    if first == second or set(first) & (_CONTEXTUAL | BESIDE):
        return False
    return all(key in second and second[key] == value for key, value in first.items())


def _exclude_each_other(branches: list[Schema]) -> bool:
    types = [name for branch in branches for name in branch.get("type", ["", ""])]
    return len(types) == len(set(types)) and not {"integer", "number"} <= set(types)


def admission(schema: Schema) -> Schema:
    """The keywords of a schema that decide which values are admitted."""
    return {key: value for key, value in schema.items() if key not in BESIDE}


def union(schema: Schema, keyword: str) -> list[Schema] | None:
    """The branches of a schema that consists of this keyword only, else None."""
    return schema[keyword] if set(schema) == {keyword} else None


def _sorted(values: Iterable[Json]) -> list[Json]:
    unique = {text_of(value): value for value in values}
    return [unique[text] for text in sorted(unique)]


def text_of(value: object) -> str:
    """The value as JSON, the same for equal values."""
    return json.dumps(value, sort_keys=True, default=str)
