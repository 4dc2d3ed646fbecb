"""The fields that a call's request can have, for orders that blame one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from voiceos_models import CreateCall

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Node = dict[str, Any]


def explain_unknown(location: Sequence[str | int]) -> str | None:
    """Why no request has a field at a path; None if one can have it.

    >>> explain_unknown(["agent_config", "hooks", 0])
    >>> explain_unknown(["to_nubmer"])
    "no request has a field 'to_nubmer'; known there are agent_config, agent_id, from_number, to_number"
    """
    nodes = [*_alternatives(_schema())]
    for depth, token in enumerate(location, 1):
        below = [each for node in nodes for inner in _below(node, token) for each in _alternatives(inner)]
        if not below:
            known = sorted({name for node in nodes for name in node.get("properties", ())})
            path = ".".join(map(str, location[:depth]))
            return f"no request has a field {path!r}" + (f"; known there are {', '.join(known)}" if known else "")
        nodes = below
    return None


@cache
def _schema() -> Node:
    return CreateCall.model_json_schema()


def _below(node: Node, token: str | int) -> Iterator[Node]:
    """The schemas of what stands in a value under a name or a number."""
    if isinstance(token, int):
        if node.get("type") == "array":
            yield node.get("items", {})
    elif token in node.get("properties", {}):
        yield node["properties"][token]
    elif node.get("type") in {None, "object"} and "properties" not in node and "const" not in node:
        yield {}  # it may have any field


def _alternatives(node: Node) -> Iterator[Node]:
    """The schemas that a schema refers to or combines, or itself."""
    if "$ref" in node:
        yield from _alternatives(_schema()["$defs"][node["$ref"].rpartition("/")[2]])
        return
    combined = [each for word in ("anyOf", "oneOf", "allOf") for each in node.get(word, ())]
    for each in combined:
        yield from _alternatives(each)
    if not combined:
        yield node
