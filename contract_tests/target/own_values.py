"""The target's own values, put into requests that others make: numbers that may ring, an agent of the account."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contract_tests.contract.contract import read_contract
from spec.reader import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from spec.json_value import Json


@dataclass(frozen=True)
class OwnValues:
    """The values, by the places in a request's body that they belong to, and the spec that has these places."""

    spec: Path
    values: Mapping[str, Any]

    def put_into(self, label: str, body: dict[str, Any]) -> dict[str, Any]:
        """The body of a request to an operation (`POST /path`), with the values in place of what stands there."""
        operation = next((each for each in self._contract.operations if each.label == label), None)
        if operation is None or operation.body is None:
            return body
        changed: dict[str, Any] = with_own_values(body, self.values, self._contract.validator(operation.body).is_valid)
        return changed

    @cached_property
    def _contract(self) -> Contract:
        return read_contract(self.spec)


def with_own_values(body: Json, data: Mapping[str, Any], is_valid: Callable[[Any], bool]) -> Json:
    """The body with the data in place of what stands there; the given one stays as it is.

    A text takes the place of a text, and a number that of a greater one, of null and of nothing. What would make an
    invalid body valid is left out: that place is what the body tests.
    """
    for place, value in data.items():
        changed = copy.deepcopy(body)
        if _put(changed, tokens(place), value) and (is_valid(body) or not is_valid(changed)):
            body = changed
    return body


def _put(node: Json, way: list[str], value: Json) -> bool:
    """Puts a value wherever the way leads; whether anything changed."""
    token, *rest = way
    if token == "*":  # noqa: S105 - a wildcard
        inner = node if isinstance(node, list) else list(node.values()) if isinstance(node, dict) else []
        return any([_put(item, rest, value) for item in inner]) if rest else False  # noqa: C419 - into every one
    if not isinstance(node, dict):
        return False
    if rest:
        return _put(node.get(token), rest, value)
    return _put_here(node, token, value)


def _put_here(node: dict[str, Any], name: str, value: Json) -> bool:
    old = node.get(name)
    if isinstance(value, str):
        is_to_change = isinstance(old, str) and old != value
    else:
        is_number = isinstance(old, int | float) and not isinstance(old, bool)
        is_to_change = old is None or (is_number and old > value)
    if is_to_change:
        node[name] = value
    return is_to_change
