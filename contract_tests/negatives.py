"""Requests that must be turned away and that the engine does not make: pure functions of the contract and the plan.

On a conforming server none of them places a call.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from contract_tests.instance import find_kept, value_at
from contract_tests.strict_json import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_tests.contract import Contract
    from contract_tests.plan import Plan

_OTHER_MEDIA_TYPES: Final = ("text/plain", "application/x-www-form-urlencoded", "application/octet-stream")
_WRONG_VALUES: Final[tuple[Any, ...]] = (5, {}, "?", None, [])


@dataclass(frozen=True)
class NegativeRequest:
    """A request to send, and what is wrong with it. `headers` replace those that a right request would have."""

    wrong: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def make_negatives(contract: Contract, pointer: str, plan: Plan, token: str) -> tuple[NegativeRequest, ...]:
    """The requests for an operation whose body the pointer's schema describes. Needs a plan with a body at least."""
    if not plan.bodies:
        return ()
    smallest = min((json.dumps(planned.body).encode() for planned in plan.bodies), key=len)
    return (
        *_with_other_credentials(smallest, token),
        *_with_malformed_json(smallest),
        *_with_other_media_types(smallest),
        *_with_wrong_values_inside(contract, pointer, plan),
    )


def _with_other_credentials(body: bytes, token: str) -> Iterator[NegativeRequest]:
    swapped = token.swapcase()
    others = {
        "an empty Authorization header": "",
        "an empty bearer": "Bearer",
        "a prefix of the token": f"Bearer {token[:-1]}",
        "the token with a character added": f"Bearer {token}x",
        "the token twice": f"Bearer {token}, Bearer {token}",
        "another scheme": f"Basic {token}",
        "no scheme": token,
    }
    if swapped != token:
        others["the token in other case"] = f"Bearer {swapped}"
    for wrong, value in others.items():
        yield NegativeRequest(wrong, body, {"Authorization": value})


def _with_malformed_json(body: bytes) -> Iterator[NegativeRequest]:
    inner = body.rstrip().removesuffix(b"}")
    yield NegativeRequest("a truncated body", inner)
    yield NegativeRequest("a trailing comma", inner + b",}")
    yield NegativeRequest("NaN", inner + b', "x": NaN}')
    yield NegativeRequest("invalid UTF-8", inner + b', "x": "\xff"}')
    yield NegativeRequest("text that is no JSON", b"hello")


def _with_other_media_types(body: bytes) -> Iterator[NegativeRequest]:
    for media_type in _OTHER_MEDIA_TYPES:
        yield NegativeRequest(f"a valid body as {media_type}", body, {"Content-Type": media_type})


def _with_wrong_values_inside(contract: Contract, pointer: str, plan: Plan) -> Iterator[NegativeRequest]:
    """Planned bodies with one wrong value, in each typed map and each array, where the engine tries none."""
    validator = contract.validator(pointer)
    seen: set[str] = set()
    for planned in plan.bodies:
        for kept in find_kept(validator, planned.body):
            is_inside = kept.pointer.endswith(("/items", "/additionalProperties"))
            if kept.pointer in seen or not is_inside or not isinstance(contract.value(kept.pointer), dict):
                continue
            container = value_at(planned.body, kept.location)
            if wrong := _break_inside(contract, pointer, planned.body, kept.location, container):
                seen.add(kept.pointer)
                yield NegativeRequest(f"a wrong value in {kept.location}", wrong)


def _break_inside(contract: Contract, pointer: str, body: Any, location: str, container: Any) -> bytes | None:  # noqa: ANN401
    """The body with the first member of a container replaced by a value that makes the body invalid."""
    if not isinstance(container, dict | list) or not container:
        return None
    key = next(iter(container)) if isinstance(container, dict) else 0
    for value in _WRONG_VALUES:
        broken = copy.deepcopy(body)
        value_at(broken, location)[key] = value
        text = json.dumps(broken).encode()
        if not contract.validator(pointer).is_valid(parse_json(text)):
            return text
    return None
