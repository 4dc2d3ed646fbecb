"""What an exchange says of the spec: which keywords its request and its response break."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from contract_tests.contract.keywords import Breach, find_breaches
from contract_tests.exchange.strict_json import BeyondReachError, parse_json, parse_leniently
from contract_tests.target.options import ROOT

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract, Operation
    from contract_tests.exchange.exchange import Exchange
    from spec.json_value import Json

NO_ANSWER: Final = "answers_every_request"
"""The check that a request gets an HTTP response at all."""
RESPONSE_SCHEMA: Final = "response_schema_conformance"
"""The check that a response is as its schema says."""
INVALID_ACCEPTED: Final = frozenset({"negative_data_rejection", "invalid_request_refused"})
"""The checks that an invalid request is refused: the engine's, and ours for what is given to the engine."""
VALID_REFUSED: Final = "documented_request_accepted"
"""The check that a valid request is accepted."""
NOT_JSON: Final = object()
"""What a body is that is no JSON."""
SHOWN_BODY: Final = 2_000
"""How much of a long text is shown, in characters."""


def response_breaches(contract: Contract, operation: Operation, exchange: Exchange) -> list[Breach]:
    """The keywords that a response breaks; none where it is no JSON, or the spec has no schema for its status."""
    pointer = operation.response_pointer(exchange.response.status) if exchange.response else None
    body = read_json(exchange.response.body) if exchange.response else NOT_JSON
    return find_breaches(contract.validator(pointer), body) if pointer and body is not NOT_JSON else []


def request_breaches(contract: Contract, operation: Operation, exchange: Exchange) -> list[Breach]:
    """The keywords that a request's body breaks; none where it is no JSON."""
    body = read_json(exchange.request.body)
    if operation.body is None or body is NOT_JSON:
        return []
    return find_breaches(contract.validator(operation.body), body)


def describe_breach(breach: Breach) -> str:
    """A breach in words: where in the body, and what is wrong there."""
    message = breach.message if len(breach.message) <= SHOWN_BODY else f"{breach.message[:SHOWN_BODY]}…"
    return f"{breach.location or 'the body'}: {message}"


def locate(contract: Contract, pointer: str) -> str:
    """Where a pointer leads, as `path:line`; the path as from the repository's root, where the spec is below it."""
    path = contract.spec.path.resolve()
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{shown}:{contract.place(pointer).line}"


def read_json(body: bytes) -> object:
    """The body as JSON, or `NOT_JSON`. It is not to be changed, for others may be given the same."""
    value, error = read_strictly(body)
    return NOT_JSON if error and not isinstance(error, BeyondReachError) else value


@lru_cache(maxsize=8)
def read_strictly(body: bytes) -> tuple[Any, ValueError | None]:
    """The body as JSON, and what is wrong with it by the letter (see `parse_json`). It is not to be changed.

    What a reader may refuse is `NOT_JSON` where no validator could take it.
    """
    try:
        return parse_json(body), None
    except BeyondReachError as error:
        return _read_leniently(body), error
    except ValueError as error:
        return None, error


def _read_leniently(body: bytes) -> Json:
    try:
        return parse_leniently(body)
    except ValueError:
        return NOT_JSON
