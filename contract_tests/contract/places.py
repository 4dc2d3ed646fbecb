"""Places in a request's body, by JSON Pointers in which `*` stands for any item of an array or any key of a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spec.reader import escape, target_of, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contract_tests.contract.contract import Contract
    from spec.json_value import Json


def values_at(body: Json, place: str) -> Iterator[Json]:
    """Yields the values at a place of a body."""
    yield from values_along(body, tokens(place))


def values_along(node: Json, way: Sequence[str]) -> Iterator[Json]:
    """Yields the values where the tokens of a place lead."""
    if not way:
        yield node
        return
    token, *rest = way
    if token == "*":  # noqa: S105 - a wildcard
        inner = node if isinstance(node, list) else list(node.values()) if isinstance(node, dict) else []
    else:
        inner = [node[token]] if isinstance(node, dict) and token in node else []
    for value in inner:
        yield from values_along(value, rest)


def is_place(contract: Contract, place: str) -> bool:
    """Tells whether the schema of any request has this place."""
    pointers = [operation.body for operation in contract.operations if operation.body]
    for token in tokens(place):
        schemas = _schemas_of_one_value(contract, pointers)
        pointers = [inner for pointer, schema in schemas for inner in _inner(schema, pointer, token)]
    return bool(pointers)


def _schemas_of_one_value(contract: Contract, pointers: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schemas that pointers lead to, with those that describe the same value: references and branches."""
    waiting, seen = list(pointers), set[str]()
    while waiting:
        pointer = waiting.pop()
        schema = contract.value(pointer)
        if pointer in seen or not isinstance(schema, dict):
            continue
        seen.add(pointer)
        yield pointer, schema
        waiting += [target_of(schema["$ref"])] if "$ref" in schema else []
        for keyword in ("allOf", "anyOf", "oneOf"):
            waiting += [f"{pointer}/{keyword}/{index}" for index, _ in enumerate(schema.get(keyword, []))]


def _inner(schema: dict[str, Any], pointer: str, token: str) -> Iterator[str]:
    """The schemas of what stands below a value, under a name or anywhere."""
    if token in schema.get("properties", {}):
        yield f"{pointer}/properties/{escape(token)}"
    if token == "*":  # noqa: S105 - a wildcard
        yield from (f"{pointer}/{keyword}" for keyword in ("items", "additionalProperties") if keyword in schema)
