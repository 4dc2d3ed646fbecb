"""Normal forms written as schemas, so that a validator can judge them, and they can be normalized again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from scripts.drift.schemas.demands import text_of
from scripts.drift.schemas.keywords import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.drift.schemas.clauses import Clause
    from scripts.drift.schemas.demands import Demand
    from scripts.drift.schemas.keywords import Part
    from scripts.drift.schemas.normal_form import Forms
    from spec.json_value import Json


ANYTHING: Final = {"anyOf": [{"type": kind, "allOf": []} for kind in sorted(KINDS)]}
"""The normal form that admits every value."""


def written(forms: Forms, part: Part, *, is_inner: bool = False) -> Any:  # noqa: ANN401 - a schema
    """The normal form of a part as a schema. An inner schema that is a `$ref` alone stays one, for it may lead back."""
    part = tuple(pointer for pointer in part if not forms.is_anything((pointer,)))
    values = [forms.value(pointer) for pointer in part]
    if is_inner and len(forms.canonical(part)) == 1 and all(map(_is_reference, values)):
        return values[0]
    clauses = [_clause(clause, lambda inner: written(forms, inner, is_inner=True)) for clause in forms.of(part)]
    unique = {text_of(clause): clause for clause in clauses}
    if all(text_of(each) in unique for each in ANYTHING["anyOf"]):
        return ANYTHING
    return {"anyOf": [unique[text] for text in sorted(unique)]} if unique else False


def _is_reference(value: Json) -> bool:
    return isinstance(value, dict) and value.keys() == {"$ref"}


def _clause(clause: Clause, write: Callable[[Part], Any]) -> dict[str, Any]:
    demands = [_demand(demand, write) for demand in clause.demands if demand.keyword != "type"]
    unique = {text_of(demand): demand for demand in demands}
    kind = "integer" if "type" in clause.stated else clause.kind
    return {"type": kind, "allOf": [unique[text] for text in sorted(unique)]}


def _demand(demand: Demand, write: Callable[[Part], Any]) -> dict[str, Any]:  # noqa: C901, PLR0911 - a case for each keyword
    keyword, value = demand.keyword, demand.value
    match keyword:
        case "enum":
            return {"enum": [json.loads(member) for member in value]}
        case "minimum" | "maximum":
            return {f"exclusive{keyword.title()}" if value.is_exclusive else keyword: value.value}
        case "required":
            return {"required": [value]}
        case "dependentRequired":
            return {"dependentRequired": {value[0]: [value[1]]}}
        case "dependentSchemas":
            return {"dependentSchemas": {name: write(part) for name, part in value.items()}}
        case "properties":
            return _members(value, write)
        case "items":
            rest = {"items": write(value.rest)} if value.rest else {}
            prefix = {"prefixItems": [write(part) for part in value.prefix]} if value.prefix else {}
            return prefix | rest
        case "contains":
            most = {} if value.most is None else {"maxContains": value.most}
            return {"contains": write(value.part), "minContains": value.least} | most
        case "if":
            return {
                "if": write(value.condition),
                "then": write(value.then),
                "else": write(value.otherwise),
            }
        case "oneOf" | "anyOf":
            return {keyword: [write(part) for part in value]}
        case "not" | "propertyNames" | "contentSchema":
            return {keyword: write(value)}
        case "unjudged":
            return {"not": {}}
    return {keyword: value}


def _members(value: Any, write: Callable[[Part], Any]) -> dict[str, Any]:  # noqa: ANN401 - Members
    """The demands on properties. Those on the rest hold for the names that no demand of their own is stated for."""
    names = {name: write(part) for name, part in value.names.items()}
    patterns = {pattern: write(part) for pattern, part in value.patterns.items()}
    rests = [
        {
            "properties": dict.fromkeys(value.names, True),
            "patternProperties": dict.fromkeys(sorted(some), True),
            "additionalProperties": write(part),
        }
        for some, part in value.rest.items()
        if write(part) != ANYTHING
    ]
    return {"properties": names, "patternProperties": patterns} | ({"allOf": rests} if rests else {})
