"""Schemas of one kind each: members, a union, or the statements about values of one type. A model is one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs

from scripts.generate.disjointness import Branches
from scripts.generate.keywords import ANNOTATIONS, ASSERTIONS, KEYWORDS_OF, TYPED, Schema, types_of, widened, without

if TYPE_CHECKING:
    from scripts.generate.merging import Tell
    from spec.json_value import Json
    from spec.reader import Spec


def enumerated(body: Schema, pointer: str, tell: Tell) -> Schema:
    """A schema with `enum` or `const` as those alone, without members that the rest excludes."""
    if "enum" not in body and "const" not in body:
        return body
    rest = {name: value for name, value in body.items() if name in TYPED | {"type", "const"}}
    validator = jsonschema_rs.validator_for(without(rest, "properties", "items", "additionalProperties"))
    members = [member for member in body.get("enum", [body.get("const")]) if validator.is_valid(member)]
    notes = {name: body[name] for name in ANNOTATIONS if name in body}
    groups = list(_grouped(members))
    if not groups:
        tell(pointer, "false")
    return notes | (groups[0] if len(groups) == 1 else {"anyOf": groups} if groups else {})


def united(spec: Spec, body: Schema, pointer: str, tell: Tell) -> Schema:
    """A schema with `anyOf` or `oneOf` as that alone, or without it, where more is stated about the same value."""
    unions = [name for name in ("anyOf", "oneOf") if name in body]
    beside = body.keys() & (ASSERTIONS - {"anyOf", "oneOf"})
    if not unions or (len(unions) == 1 and not beside):
        return body
    if (unions == ["anyOf"] and beside == {"type"}) or (unions == ["oneOf"] and beside == {"type"}):
        types = set().union(*(Branches(spec).types(branch) for branch in body[unions[0]]))
        if types <= set(widened(body["type"])):
            return without(body, "type")
    for name in unions:
        tell(f"{pointer}/{name}", name)
    return without(body, *unions, "discriminator")


def typed(body: Schema, pointer: str, tell: Tell) -> Schema:
    """A schema whose keywords are those of the types that it states."""
    owners = [name for name, words in KEYWORDS_OF.items() if body.keys() & words]
    if "type" not in body and owners and "enum" not in body:
        tell(pointer, "type")
        body = body | {"type": owners if len(owners) > 1 else owners[0]}
    if body.get("additionalProperties") is False and {*body.get("required", [])} - body.get("properties", {}).keys():
        tell(pointer, "false")
    types = types_of(body.get("type", []))
    if len(types) - ("null" in types) > 1:
        notes = {name: body[name] for name in ANNOTATIONS if name in body}
        return notes | {"anyOf": [_of_type(name, without(body, *ANNOTATIONS)) for name in types]}
    return _of_type(next((name for name in types if name != "null"), "null"), body) | _type(body) if types else body


def _type(body: Schema) -> Schema:
    types = types_of(body["type"])
    return {"type": types[0] if len(types) == 1 else types}


def _of_type(name: str, body: Schema) -> Schema:
    """The statements of a schema about values of one type."""
    words = KEYWORDS_OF["number" if name == "integer" else name] if name not in {"null", "boolean"} else frozenset()
    kept = {key: value for key, value in body.items() if key not in TYPED or key in words}
    if "required" in kept:
        further = kept.get("additionalProperties")
        undefined = further if isinstance(further, dict) else {}
        kept["properties"] = dict.fromkeys(kept["required"], undefined) | kept.get("properties", {})
    return kept | {"type": name}


def _grouped(members: list[Json]) -> list[Schema]:
    """A schema for the members of each type."""
    texts = [member for member in members if isinstance(member, str)]
    numbers = [int(member) for member in members if isinstance(member, int | float) and not isinstance(member, bool)]
    flags = [member for member in members if isinstance(member, bool)]
    kinds: dict[str, list[Any]] = {"string": texts, "integer": numbers}
    groups: list[Schema] = [{"type": kind, "enum": some} for kind, some in kinds.items() if some]
    if flags:
        groups.append({"type": "boolean"} if len(flags) > 1 else {"type": "boolean", "enum": flags})
    return [*groups, {"type": "null"}] if None in members else groups
