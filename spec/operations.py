"""The operations of an OpenAPI document: their bodies, and the parts of the document that each of them uses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct

from spec.document import is_for_people, is_schema, references, resolve
from spec.reader import ABSENT, escape, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.document import Kind

Direction = Literal["request", "response"]

IGNORED_HEADERS: Final = frozenset({"accept", "content-type", "authorization"})
"""Header fields that OpenAPI describes elsewhere: it says to ignore parameters of these names (4.8.12.1)."""
IGNORED_RESPONSE_HEADERS: Final = frozenset({"content-type"})
"""The same for header fields of responses (4.8.17.1) and of parts of bodies."""
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_FLIPPED: Final[dict[Direction, Direction]] = {"request": "response", "response": "request"}
_JSON_SCHEMA: Final = "/content/application~1json/schema"


@dataclass(frozen=True, order=True)
class Operation:
    """A method of a path. `tag` is its first tag, by which generated code is sorted.

    Under another `operationId` or tag, it is the same operation.
    """

    path: str
    method: str
    pointer: str
    operation_id: str | None = field(compare=False)
    tag: str | None = field(compare=False)

    @property
    def label(self) -> str:
        """The name for people: `POST /path`."""
        return f"{self.method.upper()} {self.path}"


class Use(Struct, frozen=True, order=True):
    """The fact that an operation sends data (`request`) or gets it (`response`).

    `part` names the part in words, such as `response 200`; it is empty where only the direction is known.
    """

    operation: Operation
    direction: Direction
    part: str = ""


class JsonBody(Struct, frozen=True):
    """A JSON body of an operation: `pointer` leads to its schema, `status` is empty for a request."""

    operation: Operation
    direction: Direction
    status: str
    pointer: str

    @property
    def is_of_accepted(self) -> bool:
        """True for a request, and for a response that may answer an accepted one. Rules are about these."""
        return self.status[:1] in {"", "2", "d"}


def operations(document: dict[str, Any]) -> list[Operation]:
    """All operations under `paths`, in the order of the document."""
    return list(_operations(document, "/paths"))


def webhooks(document: dict[str, Any]) -> list[Operation]:
    """All operations under `webhooks`, which the server calls. Their paths are `webhook` and the name."""
    return [replace(each, path=f"webhook {each.path}") for each in _operations(document, "/webhooks")]


def all_operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Yields the operations under `paths`, `webhooks` and callbacks: one that several places refer to, once."""
    waiting = [*operations(document), *webhooks(document)]
    seen = set[str]()
    for operation in waiting:  # which grows by callbacks
        if operation.pointer not in seen:
            seen.add(operation.pointer)
            waiting += _called_back(document, operation.pointer)
            yield operation


def json_bodies(document: dict[str, Any]) -> Iterator[JsonBody]:
    """Yields the JSON bodies of all operations: of each its request, then its responses in the document's order."""
    for operation in operations(document):
        responses = value_or_absent(document, f"{operation.pointer}/responses")
        statuses = list(responses) if isinstance(responses, dict) else []
        holders = [("", "requestBody"), *((status, f"responses/{escape(status)}") for status in statuses)]
        for status, holder in holders:
            pointer = f"{resolve(document, f'{operation.pointer}/{holder}')}{_JSON_SCHEMA}"
            if value_or_absent(document, pointer) is not ABSENT:
                yield JsonBody(operation, "response" if status else "request", status, pointer)


def uses(document: dict[str, Any]) -> dict[str, set[Use]]:
    """Maps the pointer of each part of an operation, and of each value referred to, to its uses."""
    found: dict[str, set[Use]] = defaultdict(set)
    targets: dict[str, list[str]] = {}
    both: list[tuple[Operation, Direction]] = [(each, "request") for each in operations(document)]
    both += [(each, "response") for each in webhooks(document)]
    for operation, sends in both:
        for part, direction in _parts(document, operation.pointer, sends):
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
    """The uses of the value at a pointer: those of all values around it. `found` comes from `uses`."""
    above = [*accumulate(pointer.split("/"), lambda path, token: f"{path}/{token}")]
    first = max((index for index, root in enumerate(above) if _is_definition(root)), default=0)
    return {use for root in above[first:] for use in found.get(root, ())}


def _is_definition(pointer: str) -> bool:
    """True for a schema under `$defs` of another, which says something only where a `$ref` leads to it."""
    holder, _, keyword = pointer.rpartition("/")[0].rpartition("/")
    return keyword in {"$defs", "definitions"} and is_schema(holder)


def _operations(document: dict[str, Any], pointer: str) -> Iterator[Operation]:
    """Yields the operations of the path items at a pointer, also of those that are referred to."""
    items = value_or_absent(document, pointer)
    for path in items if isinstance(items, dict) else ():
        if is_for_people(f"{pointer}/{escape(path)}"):
            continue
        where = resolve(document, f"{pointer}/{escape(path)}")
        item = value_or_absent(document, where)
        for method in _METHODS:
            definition = item.get(method) if isinstance(item, dict) else None
            if isinstance(definition, dict):
                tags = definition.get("tags") or [None]
                yield Operation(path, method, f"{where}/{method}", definition.get("operationId"), tags[0])


def _parts(document: dict[str, Any], operation: str, sends: Direction) -> Iterator[tuple[str, Direction]]:
    """Yields the parts of an operation that carry data. The client sends `sends`, except in callbacks."""
    yield f"{operation.rpartition('/')[0]}/parameters", sends
    yield f"{operation}/parameters", sends
    yield f"{operation}/requestBody", sends
    yield f"{operation}/responses", _FLIPPED[sends]
    for inner in _called_back(document, operation):
        yield from _parts(document, inner.pointer, _FLIPPED[sends])


def _called_back(document: dict[str, Any], operation: str) -> Iterator[Operation]:
    """Yields the operations of the callbacks of an operation."""
    callbacks = value_or_absent(document, f"{operation}/callbacks")
    for name in callbacks if isinstance(callbacks, dict) else ():
        yield from _operations(document, resolve(document, f"{operation}/callbacks/{escape(name)}"))


def _targets(document: dict[str, Any], pointer: str) -> list[str]:
    """The pointers that references at or below a pointer lead to."""
    kind: Kind = "schema" if pointer.startswith("/components/schemas/") else "object"
    return [target for _, target in references(value_or_absent(document, pointer), pointer, kind)]
