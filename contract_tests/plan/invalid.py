"""Requests that must be turned away: pure functions of the contract and the plan.

The engine makes some of its own; these are those that it does not make. On a conforming server none places a call.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.credentials import wrong_credentials
from contract_tests.exchange.strict_json import MAX_DEPTH
from contract_tests.plan.mutations import break_each_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.plan import Plan

# With the last one, who looks for JSON's name anywhere in the field lets pass what browsers send without asking first.
_OTHER_MEDIA_TYPES: Final = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "text/plain; for=application/json",
)
_DEEP: Final = 2 * MAX_DEPTH


@dataclass(frozen=True)
class NegativeRequest:
    """A request to send, and what is wrong with it."""

    wrong: str
    body: bytes
    media_type: str | None = None
    """In place of JSON's."""
    authorization: tuple[str, ...] | None = None
    """The values of the Authorization fields, in place of the one with the token."""


def make_negatives(contract: Contract, pointer: str, plan: Plan, token: str) -> tuple[NegativeRequest, ...]:
    """The requests for an operation whose body the pointer's schema describes. Needs a plan with a body at least."""
    if not plan.bodies:
        return ()
    bodies = (json.dumps(planned.body, ensure_ascii=False).encode() for planned in plan.bodies)
    smallest = min(bodies, key=_digits_and_length)
    return (
        *_with_other_credentials(smallest, token),
        *_with_malformed_json(smallest),
        *_with_other_media_types(smallest),
        *_with_broken_statements(contract, pointer, plan),
    )


def _digits_and_length(text: bytes) -> tuple[int, int]:
    """Few digits first: where a body is malformed, a digit may be part of a number to ring, for all that one knows."""
    return sum(map(text.count, b"0123456789")), len(text)


def _with_other_credentials(body: bytes, token: str) -> Iterator[NegativeRequest]:
    for wrong, values in wrong_credentials(token).items():
        yield NegativeRequest(wrong, body, authorization=values)


def _with_malformed_json(body: bytes) -> Iterator[NegativeRequest]:
    inner = body.rstrip().removesuffix(b"}")
    yield NegativeRequest("a truncated body", inner)
    yield NegativeRequest("a trailing comma", inner + b",}")
    yield NegativeRequest("NaN", inner + b', "x": NaN}')
    yield NegativeRequest("invalid UTF-8", inner + b', "x": "\xff"}')
    yield NegativeRequest("text that is no JSON", b"hello")
    yield NegativeRequest("text after the value", body + b" x")
    yield NegativeRequest("a control character in a string", inner + b', "x": "\x01"}')
    # What a server may take or turn away (see `BeyondReachError`), but must not fall over.
    yield NegativeRequest("half a surrogate pair", inner + b', "x": "\\ud800"}')
    yield NegativeRequest("a key twice", inner + b', "x": null, "x": null}')
    yield NegativeRequest("an array too deep", inner + b', "x": ' + b"[" * _DEEP + b"]" * _DEEP + b"}")


def _with_other_media_types(body: bytes) -> Iterator[NegativeRequest]:
    for media_type in _OTHER_MEDIA_TYPES:
        yield NegativeRequest(f"a valid body as {media_type}", body, media_type)


def _with_broken_statements(contract: Contract, pointer: str, plan: Plan) -> Iterator[NegativeRequest]:
    for mutation in break_each_statement(contract, pointer, plan):
        yield NegativeRequest(str(mutation), json.dumps(mutation.body).encode())
