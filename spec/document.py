"""An OpenAPI document, walked: each keyword with its place, and the way that references lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from spec.reader import escape, target_of, tokens, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.json_value import Json

Kind = Literal["object", "schema", "names of objects", "names of schemas"]
"""The kind of a value: an object of OpenAPI, a schema, or a map from names that the author chose to either."""

ANNOTATIONS: Final = frozenset({"title", "description", "summary", "example", "examples", "externalDocs", "$comment"})
"""Keywords for people, which programs ignore. Extensions, `x-…`, count as such too."""
_INSIDE_NAMES: Final[dict[Kind, Kind]] = {"names of objects": "object", "names of schemas": "schema"}
_OBJECT_KINDS: Final[dict[str, Kind]] = {"schema": "schema", "schemas": "names of schemas"}
# Below these keys of OpenAPI's own objects, keys are names that the author chose, not keywords.
_OBJECT_NAMES: Final = {
    *("callbacks", "content", "encoding", "examples", "headers", "links", "mapping", "parameters", "pathItems"),
    *("paths", "requestBodies", "responses", "scopes", "securitySchemes", "variables", "webhooks"),
}
_OBJECT_DATA: Final = {"example", "security", "value"}
# The same for schemas.
_SCHEMA_NAMES: Final = {"properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "mapping"}
_SCHEMA_DATA: Final = {"default", "dependentRequired", "example", "examples", "enum", "const", "required"}


class Keyword(NamedTuple):
    """A keyword of a document: its JSON Pointer, name and value, and whether it belongs to a schema."""

    pointer: str
    name: str
    value: Any
    in_schema: bool


def keywords(node: Json, pointer: str = "", kind: Kind = "object") -> Iterator[Keyword]:
    """Yields each keyword of a document, or of a part of it. Names that the author chose, and data, are no keywords."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            # `parameters` has names among the components, and is a list in operations.
            yield from keywords(item, f"{pointer}/{index}", _INSIDE_NAMES.get(kind, kind))
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        child = f"{pointer}/{escape(key)}"
        if kind not in _INSIDE_NAMES:
            yield Keyword(child, key, value, kind == "schema")
        if (inner := kind_below(key, kind)) is not None:
            yield from keywords(value, child, inner)


def kind_below(key: str, kind: Kind) -> Kind | None:
    """The kind of the value below a key; None for data, such as examples."""
    if kind in _INSIDE_NAMES:
        return _INSIDE_NAMES[kind]
    if kind == "schema":
        return None if key in _SCHEMA_DATA else "names of schemas" if key in _SCHEMA_NAMES else "schema"
    if key in _OBJECT_DATA:
        return None
    return _OBJECT_KINDS.get(key, "names of objects" if key in _OBJECT_NAMES else "object")


def is_schema(pointer: str) -> bool:
    """True if the pointer leads to a schema, or to a list of schemas."""
    return _kind_at(pointer) == "schema"


def is_for_people(pointer: str) -> bool:
    """True if the pointer leads to an annotation, or into one."""
    kind: Kind | None = "object"
    way = tokens(pointer)
    for index, token in enumerate(way):
        if kind is None:
            return False
        if kind in _INSIDE_NAMES:
            if token.startswith("x-") and _may_have_extensions(way[:index]):
                return True
        elif is_annotation(token):
            return True
        kind = _next_kind(token, kind)
    return False


def _may_have_extensions(way: list[str]) -> bool:
    """True for the maps of paths and of statuses. All other names that the author chose may begin with `x-`."""
    return way[-1] in {"paths", "responses"} and way != ["components", "responses"]


def is_annotation(keyword: str) -> bool:
    """True for a keyword that programs ignore: one of ANNOTATIONS, or an extension."""
    return keyword in ANNOTATIONS or keyword.startswith("x-")


def resolve(document: dict[str, Any], pointer: str) -> str:
    """The pointer that is reached by following references from a pointer; the pointer itself if they form a circle."""
    seen: list[str] = []
    while pointer not in seen:
        seen.append(pointer)
        target = reference(value_or_absent(document, pointer))
        if target is None:
            return pointer
        pointer = target
    return seen[0]


def reference(value: object) -> str | None:
    """The pointer that an object's `$ref` leads to, or None if it has none."""
    target = value.get("$ref") if isinstance(value, dict) else None
    return target_of(target) if isinstance(target, str) else None


def references(node: Json, pointer: str = "", kind: Kind = "object") -> Iterator[tuple[str, str]]:
    """Yields the pointer of each object of a document that has a `$ref`, and the pointer that this leads to."""
    for keyword in keywords(node, pointer, kind):
        if keyword.name == "$ref" and isinstance(keyword.value, str) and (target := target_of(keyword.value)):
            yield keyword.pointer.removesuffix("/$ref"), target


def component(pointer: str) -> str | None:
    """The pointer of the component that a pointer leads to or into, or None outside of the components."""
    parts = pointer.split("/")
    return "/".join(parts[:4]) if parts[1:2] == ["components"] and len(parts) > 3 else None  # noqa: PLR2004 - /components/schemas/Name


def is_within(pointer: str, root: str) -> bool:
    """True if a pointer leads to the value at `root`, or into it."""
    return pointer == root or pointer.startswith(f"{root}/")


def _kind_at(pointer: str) -> Kind | None:
    kind: Kind | None = "object"
    for token in tokens(pointer):
        if kind is None:
            return None
        kind = _next_kind(token, kind)
    return kind


def _next_kind(token: str, kind: Kind) -> Kind | None:
    """The kind of the value below a token, which may be a position in a list."""
    return kind if token.isdecimal() and kind not in _INSIDE_NAMES else kind_below(token, kind)
