"""Bodies that others make, made fit for a target: with its own numbers, and with no value that it cannot know."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contract_tests.contract.contract import read_contract
from contract_tests.contract.places import values_at
from spec.reader import pointer_of, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.target.limits import Limits
    from spec.json_value import Json


@dataclass(frozen=True)
class OwnValues:
    """The limits of a target, which hold its values, and the spec that has their places."""

    spec: Path
    limits: Limits

    def put_into(self, label: str, body: dict[str, Any]) -> dict[str, Any]:
        """The body of a request to an operation (`POST /path`), with the values in place of what stands there."""
        operation = next((each for each in self._contract.operations if each.label == label), None)
        if operation is None or operation.body is None:
            return body
        changed: dict[str, Any] = fit(body, self.limits, self._contract.request_validator(operation.body).is_valid)
        return changed

    @cached_property
    def _contract(self) -> Contract:
        return read_contract(self.spec)


def fit(body: Json, limits: Limits, is_valid: Callable[[Any], bool]) -> Json:
    """The body with the target's own values, and without the texts that its account may not know."""
    return without_references(with_own_values(body, limits.data, is_valid), limits, is_valid)


def without_references(body: Json, limits: Limits, is_valid: Callable[[Any], bool]) -> Json:
    """The body with null, or nothing, in place of each text that only an account could know.

    The given one stays as it is. A text that a valid body must have stays, and so does what an invalid one tests.
    """
    for place in filter(limits.lacks, limits.references):
        for change in (_nullify, _leave_out):
            changed = copy.deepcopy(body)
            if change(changed, tokens(place)) and is_valid(body) == is_valid(changed):
                body = changed
                break
    return body


def _nullify(node: Json, way: list[str]) -> bool:
    return _change(node, way, lambda above, name: above.update({name: None}))


def _leave_out(node: Json, way: list[str]) -> bool:
    return _change(node, way, lambda above, name: above.pop(name))


def _change(node: Json, way: list[str], change: Callable[[dict[str, Any], str], object]) -> bool:
    """Changes the objects that have a text where the way leads; tells whether there are any."""
    *above, name = way
    owners = [each for each in values_at(node, pointer_of(above)) if isinstance(each, dict)]
    found = [owner for owner in owners if isinstance(owner.get(name), str)]
    for owner in found:
        change(owner, name)
    return bool(found)


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
