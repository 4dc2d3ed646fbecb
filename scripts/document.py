"""An OpenAPI document, walked: its keywords, its operations, and who uses what of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from spec.reader import escape, target_of, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.json_value import Json

Kind = Literal["object", "schema", "names of objects", "names of schemas"]
"""What a value is: an object of OpenAPI or a schema, or a map from names that the author chose to such."""
Direction = Literal["request", "response"]

ABSENT: Final = object()
"""What stands where nothing does; null may stand somewhere."""
ANNOTATIONS: Final = frozenset({"title", "description", "summary", "example", "examples", "externalDocs", "$comment"})
"""Keywords that say something to people and nothing to programs; so does every extension, `x-…`."""
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_FLIPPED: Final[dict[Direction, Direction]] = {"request": "response", "response": "request"}
_INSIDE_NAMES: Final[dict[Kind, Kind]] = {"names of objects": "object", "names of schemas": "schema"}
_OBJECT_KINDS: Final[dict[str, Kind]] = {"schema": "schema", "schemas": "names of schemas"}
# Under these keys of OpenAPI's own objects stand names that the author chose, not keywords.
_OBJECT_NAMES: Final = {
    *("callbacks", "content", "encoding", "examples", "headers", "links", "mapping", "parameters", "pathItems"),
    *("paths", "requestBodies", "responses", "scopes", "securitySchemes", "variables", "webhooks"),
}
_OBJECT_DATA: Final = {"example", "value"}
# The same for schemas.
_SCHEMA_NAMES: Final = {"properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "mapping"}
_SCHEMA_DATA: Final = {"default", "example", "examples", "enum", "const"}


class Keyword(NamedTuple):
    """A keyword of the document, where it stands, and whether it is one of a schema."""

    pointer: str
    name: str
    value: Any
    in_schema: bool


@dataclass(frozen=True, order=True)
class Operation:
    """One method of one path. `tag` is its first: generated code is sorted by it."""

    path: str
    method: str
    pointer: str
    operation_id: str | None
    tag: str | None

    @property
    def label(self) -> str:
        """As people name it: `POST /path`."""
        return f"{self.method.upper()} {self.path}"


@dataclass(frozen=True, order=True)
class Use:
    """That an operation sends something (`request`) or gets it (`response`)."""

    operation: Operation
    direction: Direction


def keywords(node: Json, pointer: str = "", kind: Kind = "object") -> Iterator[Keyword]:
    """Each keyword of a document, or of a part of it; chosen names and data are passed over."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from keywords(item, f"{pointer}/{index}", kind)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        child = f"{pointer}/{escape(key)}"
        if kind not in _INSIDE_NAMES:
            yield Keyword(child, key, value, kind == "schema")
        if (inner := kind_below(key, kind)) is not None:
            yield from keywords(value, child, inner)


def kind_below(key: str, kind: Kind) -> Kind | None:
    """What a key leads to; None for data, which no tool reads as a part of the document."""
    if kind in _INSIDE_NAMES:
        return _INSIDE_NAMES[kind]
    if kind == "schema":
        return None if key in _SCHEMA_DATA else "names of schemas" if key in _SCHEMA_NAMES else "schema"
    if key in _OBJECT_DATA:
        return None
    return _OBJECT_KINDS.get(key, "names of objects" if key in _OBJECT_NAMES else "object")


def is_schema(pointer: str) -> bool:
    """Whether schemas stand where a pointer leads, or a list of schemas."""
    kind: Kind | None = "object"
    for token in tokens(pointer):
        if kind is None:
            return False
        kind = kind if token.isdecimal() and kind not in _INSIDE_NAMES else kind_below(token, kind)
    return kind == "schema"


def is_for_people(pointer: str) -> bool:
    """Whether a pointer leads to, or into, what says something to people and nothing to programs."""
    kind: Kind | None = "object"
    for token in tokens(pointer):
        if kind not in _INSIDE_NAMES and is_annotation(token):
            return True
        if kind is None:
            return False
        kind = kind if token.isdecimal() and kind not in _INSIDE_NAMES else kind_below(token, kind)
    return False


def is_annotation(keyword: str) -> bool:
    """Whether a keyword says nothing to programs, of the specification's own or an extension."""
    return keyword in ANNOTATIONS or keyword.startswith("x-")


def value_at(document: Json, pointer: str) -> Json:
    """What stands where a JSON Pointer leads; ABSENT if nothing does."""
    value = document
    for token in tokens(pointer):
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return ABSENT
    return value


def resolve(document: dict[str, Any], pointer: str) -> str:
    """Where a pointer leads once the references that stand there are followed; itself, if they lead in a circle."""
    seen: list[str] = []
    while pointer not in seen:
        seen.append(pointer)
        target = reference(value_at(document, pointer))
        if target is None:
            return pointer
        pointer = target
    return seen[0]


def reference(value: object) -> str | None:
    """The pointer that an object's `$ref` leads to, if it has one."""
    target = value.get("$ref") if isinstance(value, dict) else None
    return target_of(target) if isinstance(target, str) else None


def component(pointer: str) -> str | None:
    """The pointer of the component that something is a part of, if it is a part of one."""
    parts = pointer.split("/")
    return "/".join(parts[:4]) if parts[1:2] == ["components"] and len(parts) > 3 else None  # noqa: PLR2004 - /components/schemas/Name


def operations(document: dict[str, Any]) -> list[Operation]:
    """Every operation of the document's paths, in its order."""
    return list(_operations(document.get("paths"), "/paths"))


def uses(document: dict[str, Any]) -> dict[str, set[Use]]:
    """Who uses what: from the pointer of a part of an operation, or of something referred to, to its uses."""
    found: dict[str, set[Use]] = defaultdict(set)
    targets: dict[str, list[str]] = {}
    for operation in operations(document):
        for part, direction in _parts(document, operation.pointer, "request"):
            waiting, use = [part], Use(operation, direction)
            while waiting:
                pointer = waiting.pop()
                if use not in found[pointer]:
                    found[pointer].add(use)
                    if pointer not in targets:
                        targets[pointer] = _targets(document, pointer)
                    waiting += targets[pointer]
    return found


def uses_of(pointer: str, found: dict[str, set[Use]]) -> set[Use]:
    """Who uses what stands at a pointer: the users of all that it is a part of."""
    above = accumulate(pointer.split("/"), lambda path, token: f"{path}/{token}")
    return {use for root in above for use in found.get(root, ())}


def is_within(pointer: str, root: str) -> bool:
    """Whether a pointer leads to what another leads to, or to a part of that."""
    return pointer == root or pointer.startswith(f"{root}/")


def _operations(items: object, pointer: str) -> Iterator[Operation]:
    for path, item in items.items() if isinstance(items, dict) else ():
        for method in _METHODS:
            definition = item.get(method) if isinstance(item, dict) else None
            if isinstance(definition, dict):
                tags = definition.get("tags") or [None]
                where = f"{pointer}/{escape(path)}/{method}"
                yield Operation(path, method, where, definition.get("operationId"), tags[0])


def _parts(document: dict[str, Any], operation: str, sends: Direction) -> Iterator[tuple[str, Direction]]:
    """The parts of an operation in which data travels; what `sends` does is the client's in all but callbacks."""
    yield f"{operation.rpartition('/')[0]}/parameters", sends
    yield f"{operation}/parameters", sends
    yield f"{operation}/requestBody", sends
    yield f"{operation}/responses", _FLIPPED[sends]
    callbacks = value_at(document, f"{operation}/callbacks")
    for name, items in callbacks.items() if isinstance(callbacks, dict) else ():
        for inner in _operations(items, f"{operation}/callbacks/{escape(name)}"):
            yield from _parts(document, inner.pointer, _FLIPPED[sends])


def _targets(document: dict[str, Any], pointer: str) -> list[str]:
    """What the part of a document at a pointer refers to."""
    kind: Kind = "schema" if pointer.startswith("/components/schemas/") else "object"
    found = keywords(value_at(document, pointer), pointer, kind)
    targets = [reference({"$ref": keyword.value}) for keyword in found if keyword.name == "$ref"]
    return [target for target in targets if target]
