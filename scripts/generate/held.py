"""The part of a spec that the Pydantic models hold, and the statements that they do not.

Models hold shapes: types, fields, bounds, patterns, most formats. A statement that no type of theirs can make is left
out of the schemas that they are generated from, so that they accept more than the spec there, and never less. Each is
told once, with its line; `docs/generated-code.md` lists the kinds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from scripts.generate.disjointness import Branches
from scripts.generate.patterns import can_translate
from spec.reader import escape, target_of

if TYPE_CHECKING:
    from spec.json_value import Json
    from spec.reader import Problem, Spec

Schema = dict[str, Any]

UNHELD: Final = {
    "additionalProperties": "beside `patternProperties`, or false in a part of `allOf`: further fields are accepted",
    "allOf": "parts that define a field or a bound in two ways: the first one counts",
    "anyOf": "beside other statements about the same value: these alone are judged",
    "const": "of an array, an object or a number with a fraction: any value is accepted",
    "contains": "any items are accepted",
    "dependentRequired": "the fields that it asks for may be missing",
    "dependentSchemas": "its schemas are not applied",
    "enum": "with an array, an object or a number with a fraction: any value is accepted",
    "false": "the schema that nothing fits: any value is accepted",
    "format": "of a kind that needs another library, or beside `pattern` or a length: any string is accepted",
    "if": "neither `then` nor `else` is applied",
    "items": "beside `prefixItems`, or false: any items are accepted",
    "maxProperties": "any number of fields is accepted",
    "minProperties": "any number of fields is accepted",
    "not": "the values that it excludes are accepted",
    "oneOf": "branches that one value may fit together, or beside other statements: such a value is accepted",
    "pattern": "with a construct that no engine of Python has: any string is accepted",
    "patternProperties": "fields of such names may have any value",
    "prefixItems": "any items are accepted",
    "propertyNames": "any names are accepted",
    "type": "is not stated, but keywords of one type are: only values of this type are accepted",
    "unevaluatedItems": "any items are accepted",
    "unevaluatedProperties": "any further fields are accepted",
    "uniqueItems": "repeated items are accepted",
}
"""The statements that models do not hold, or not everywhere, and the way in which they judge instead."""

FORMATS: Final = {
    "date": ("Date", "formats"),
    "date-time": ("AwareDatetime", "json_types"),
    "duration": ("Duration", "formats"),
    "ipv4": ("IPv4", "formats"),
    "ipv6": ("IPv6", "formats"),
    "json-pointer": ("JSONPointer", "formats"),
    "time": ("Time", "formats"),
    "uuid": ("UUIDText", "formats"),
}
"""The formats that models check: the type that does, and its module among the templates."""
UNCHECKED_FORMATS: Final = frozenset(
    {"email", "hostname", "idn-email", "idn-hostname", "iri", "iri-reference", "regex", "relative-json-pointer"}
    | {"uri", "uri-reference", "uri-template"}
)
"""The formats that validators of JSON Schema check and models do not. Neither checks any other, such as `byte`."""

PLACE: Final = "x-place"
"""The extension with the pointer that a schema has in the spec."""
_KEYWORDS_OF: Final[dict[str, frozenset[str]]] = {
    "object": frozenset({"additionalProperties", "properties", "required"}),
    "array": frozenset({"items", "maxItems", "minItems"}),
    "string": frozenset({"format", "maxLength", "minLength", "pattern"}),
    "number": frozenset({"exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"}),
}
_TYPED: Final = frozenset().union(*_KEYWORDS_OF.values())
_ANNOTATIONS: Final = ("title", "description", "default", "x-enum-varnames")
_ASSERTIONS: Final = _TYPED | {"type", "enum", "const", "anyOf", "oneOf"}
_HIGHEST: Final = {"minimum", "exclusiveMinimum", "minLength", "minItems"}
_LOWEST: Final = {"maximum", "exclusiveMaximum", "maxLength", "maxItems"}
_IDLE: Final = {"uniqueItems": False, "minProperties": 0, "unevaluatedItems": True, "unevaluatedProperties": True}
"""The values with which keywords state nothing."""


def held_document(spec: Spec) -> tuple[dict[str, Any], list[Problem]]:
    """A document with the components as the models hold them, and a problem for each statement that they do not."""
    holder = Holder(spec)
    schemas = (spec.document.get("components") or {}).get("schemas") or {}
    held = {name: holder.hold(schema, f"/components/schemas/{escape(name)}") for name, schema in schemas.items()}
    document = {"openapi": spec.document["openapi"], "info": spec.document["info"], "paths": {}}
    return document | {"components": {"schemas": held}}, list(dict.fromkeys(holder.told))


@dataclass
class Holder:
    """Rewrites schemas so that the models hold them, and notes each statement that it leaves out."""

    spec: Spec
    with_places: bool = False
    """True to note each schema's pointer within it, as PLACE."""
    told: list[Problem] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    """The pointers of the components that are being merged into others."""

    def tell(self, pointer: str, keyword: str) -> None:
        """Notes that the models do not hold the keyword at a pointer."""
        self.told.append(self.spec.problem(pointer, f"the models do not hold this `{keyword}`: {UNHELD[keyword]}"))

    def hold(self, schema: Json, pointer: str) -> Schema:
        """The schema as models hold it."""
        body = self.body(schema, pointer)
        if "$ref" in body:
            return body
        held = self.typed(self.united(self.enumerated(body, pointer), pointer), pointer)
        return held | {PLACE: pointer} if self.with_places else held

    def body(self, schema: Json, pointer: str) -> Schema:
        """The statements of a schema that models hold, with those of `allOf` and of a `$ref` with siblings."""
        if not isinstance(schema, dict):
            if schema is False:
                self.tell(pointer, "false")
            return {}
        own = {name: schema[name] for name in _ANNOTATIONS if name in schema}
        for name, value in schema.items():
            own |= self.keyword(name, value, schema, f"{pointer}/{escape(name)}")
        parts = [(part, f"{pointer}/allOf/{index}") for index, part in enumerate(schema.get("allOf", []))]
        if "$ref" in schema and _is_component(schema["$ref"]):
            parts.append(({"$ref": schema["$ref"]}, pointer))
        elif "$ref" in schema:  # to a schema that is no component, and so has no class
            parts.append((self.spec.value(target := target_of(schema["$ref"])), target))
        if len(parts) == 1 and not own.keys() & _ASSERTIONS and _is_reference(parts[0][0]):
            return {**parts[0][0], **own}
        return self.merged(own, parts, pointer)

    def keyword(self, name: str, value: Json, schema: Schema, pointer: str) -> Schema:
        """The part of a keyword that models hold, as a schema."""
        if name in UNHELD and not self.holds(name, value, schema):
            if not (name in _IDLE and value == _IDLE[name]):
                self.tell(pointer, name)
            return {"anyOf": self.branches(value, pointer)} if name == "oneOf" else {}
        if name == "properties":
            return {name: {key: self.hold(inner, f"{pointer}/{escape(key)}") for key, inner in value.items()}}
        if name in {"anyOf", "oneOf"}:
            return {name: self.branches(value, pointer)}
        if name in {"items", "additionalProperties"} and not isinstance(value, bool):
            return {name: self.hold(value, pointer)}
        if name == "discriminator":
            return {name: value} if Branches(self.spec).are_tagged(schema) else {}
        return {name: value} if name in _ASSERTIONS else {}

    def branches(self, schemas: list[Json], pointer: str) -> list[Schema]:
        """The branches of a union as models hold them."""
        return [self.hold(branch, f"{pointer}/{index}") for index, branch in enumerate(schemas)]

    def holds(self, name: str, value: Json, schema: Schema) -> bool:  # noqa: PLR0911 - a line for each keyword
        """True if models hold this use of a keyword of UNHELD."""
        match name:
            case "additionalProperties":
                return "patternProperties" not in schema
            case "items":
                return value is not False and "prefixItems" not in schema
            case "pattern":
                return can_translate(value)
            case "format":
                beside = schema.keys() & {"pattern", "minLength", "maxLength"}
                return value not in UNCHECKED_FORMATS and not (value in FORMATS and beside)
            case "oneOf":
                return Branches(self.spec).are_disjoint(value)
            case "enum":
                return all(map(_is_scalar, value))
            case "const":
                return _is_scalar(value)
        return name in {"allOf", "anyOf", "type"}

    def merged(self, own: Schema, parts: list[tuple[Json, str]], pointer: str) -> Schema:
        """The statements of a schema and of the parts of its `allOf` in one schema."""
        for part, place in parts:
            own = self.merge(own, self.part(part, place), pointer)
        return own

    def part(self, part: Json, pointer: str) -> Schema:
        """The body of a part of `allOf`; that of a component in place of a reference to it."""
        if pointer in self.opened:
            return {}
        self.opened.append(pointer)
        body = self.body(part, pointer)
        if "$ref" in body:
            target = target_of(body["$ref"])
            opened = self.part(self.spec.value(target), target)
            body = {name: value for name, value in opened.items() if name not in _ANNOTATIONS}
        self.opened.pop()
        return body

    def merge(self, one: Schema, other: Schema, pointer: str) -> Schema:
        """The schema that states what both do. Where no single schema can, the first one's statement counts."""
        if not _bounds_agree(one, other):
            self.tell(f"{pointer}/allOf", "additionalProperties")
            one, other = _without(one, "additionalProperties"), _without(other, "additionalProperties")
        result = one | {name: value for name, value in other.items() if name not in one}
        for name in (one.keys() & other.keys()) - set(_ANNOTATIONS):
            result[name] = self.both(name, one[name], other[name], pointer)
        return result

    def both(self, name: str, one: Json, other: Json, pointer: str) -> Json:
        """The value of a keyword that states what two values of it do."""
        if name == "required":
            return list(dict.fromkeys([*one, *other]))
        if name in _HIGHEST | _LOWEST:
            return max(one, other) if name in _HIGHEST else min(one, other)
        if name == "properties":
            shared = {key: self.both("", value, other[key], pointer) for key, value in one.items() if key in other}
            return one | other | shared
        if name == "type" and (types := [item for item in _types(one) if item in _widened(other)]):
            return types if len(types) > 1 else types[0]
        if one != other:
            self.tell(f"{pointer}/allOf", "allOf")
        return one

    def enumerated(self, body: Schema, pointer: str) -> Schema:
        """A schema with `enum` or `const` as those alone, without members that the rest excludes."""
        if "enum" not in body and "const" not in body:
            return body
        rest = {name: value for name, value in body.items() if name in _TYPED | {"type", "const"}}
        validator = jsonschema_rs.validator_for(_without(rest, "properties", "items", "additionalProperties"))
        members = [member for member in body.get("enum", [body.get("const")]) if validator.is_valid(member)]
        notes = {name: body[name] for name in _ANNOTATIONS if name in body}
        groups = list(_grouped(members))
        if not groups:
            self.tell(pointer, "false")
        return notes | (groups[0] if len(groups) == 1 else {"anyOf": groups} if groups else {})

    def united(self, body: Schema, pointer: str) -> Schema:
        """A schema with `anyOf` or `oneOf` as that alone, or without it, where more is stated about the same value."""
        unions = [name for name in ("anyOf", "oneOf") if name in body]
        beside = body.keys() & (_ASSERTIONS - {"anyOf", "oneOf"})
        if not unions or (len(unions) == 1 and not beside):
            return body
        if (unions == ["anyOf"] and beside == {"type"}) or (unions == ["oneOf"] and beside == {"type"}):
            types = set().union(*(Branches(self.spec).types(branch) for branch in body[unions[0]]))
            if types <= set(_widened(body["type"])):
                return _without(body, "type")
        for name in unions:
            self.tell(f"{pointer}/{name}", name)
        return _without(body, *unions, "discriminator")

    def typed(self, body: Schema, pointer: str) -> Schema:
        """A schema whose keywords are those of the types that it states."""
        owners = [name for name, words in _KEYWORDS_OF.items() if body.keys() & words]
        if "type" not in body and owners and "enum" not in body:
            self.tell(pointer, "type")
            body = body | {"type": owners if len(owners) > 1 else owners[0]}
        types = _types(body.get("type", []))
        if len(types) - ("null" in types) > 1:
            notes = {name: body[name] for name in _ANNOTATIONS if name in body}
            return notes | {"anyOf": [_of_type(name, _without(body, *_ANNOTATIONS)) for name in types]}
        return _of_type(next((name for name in types if name != "null"), "null"), body) | _type(body) if types else body


def _is_component(reference: str) -> bool:
    target = target_of(reference)
    return target.startswith("/components/schemas/") and target.count("/") == 3  # noqa: PLR2004 - /components/schemas/Name


def _is_reference(part: Json) -> bool:
    return isinstance(part, dict) and part.keys() == {"$ref"}


def _is_scalar(value: Json) -> bool:
    """True for a value that a type of Python's can be limited to."""
    return not isinstance(value, dict | list) and not (isinstance(value, float) and not value.is_integer())


def _type(body: Schema) -> Schema:
    types = _types(body["type"])
    return {"type": types[0] if len(types) == 1 else types}


def _types(value: Json) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _widened(value: Json) -> list[str]:
    """The types that a `type` admits. A number may be an integer."""
    types = _types(value)
    return [*types, "integer"] if "number" in types else types


def _of_type(name: str, body: Schema) -> Schema:
    """The statements of a schema about values of one type."""
    words = _KEYWORDS_OF["number" if name == "integer" else name] if name not in {"null", "boolean"} else frozenset()
    kept = {key: value for key, value in body.items() if key not in _TYPED or key in words}
    if "required" in kept:
        kept["properties"] = {key: {} for key in kept["required"]} | kept.get("properties", {})
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


def _bounds_agree(one: Schema, other: Schema) -> bool:
    """True if no part of `allOf` excludes, or types, a field that only the other part names."""
    for closed, beside in ((one, other), (other, one)):
        unknown = beside.get("properties", {}).keys() - closed.get("properties", {}).keys()
        if closed.get("additionalProperties", True) is not True and (unknown or "additionalProperties" in beside):
            return False
    return True


def _without(schema: Schema, *names: str) -> Schema:
    return {name: value for name, value in schema.items() if name not in names}
