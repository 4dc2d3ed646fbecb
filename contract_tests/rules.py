"""Checks that the engine lacks. Each is registered under its function's name, which is what reports call it."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import schemathesis

from contract_tests.contract import JSON_MEDIA_TYPE, Contract, read_contract
from contract_tests.engine import SPEC_ENV, TOKEN_ENV

if TYPE_CHECKING:
    from requests import PreparedRequest
    from schemathesis import Case, Response
    from schemathesis.checks import CheckContext

_REFUSALS: Final = {"401", "403"}
_SUCCESS: Final = 2
_SERVER_ERROR: Final = 5


@schemathesis.check
def documented_request_accepted(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """A request with the right token and a body that the spec allows gets a 2xx, in whichever phase it was made.

    The engine's `positive_data_acceptance` says nothing of requests that are given to it, as those of the plan are, and
    judges what it meant to send; this goes by the bytes that were sent. A 5xx is the business of `not_a_server_error`.
    """
    if response.status_code // 100 in {_SUCCESS, _SERVER_ERROR} or not _is_documented(response.request, case):
        return
    raise AssertionError(f"A documented request is refused\n\nReceived: {response.status_code}\nDocumented: 2xx")


def _is_documented(request: PreparedRequest, case: Case[Any]) -> bool:
    """Whether the spec allows what was really sent, from the method to the body."""
    operation = contract().operation(case.operation.label)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return (
        request.method == operation.method
        and operation.body is not None
        and headers.get("authorization") == f"Bearer {os.environ[TOKEN_ENV]}"
        and str(headers.get("content-type", "")).lower() == JSON_MEDIA_TYPE
        and contract().validator(operation.body).is_valid(_json(request.body))
    )


@cache
def contract() -> Contract:
    """The contract that this run holds its target to."""
    return read_contract(Path(os.environ[SPEC_ENV]))


def _json(body: object) -> object:
    try:
        return json.loads(body) if isinstance(body, bytes | str) else None
    except (ValueError, RecursionError):
        return None


@schemathesis.check
def authorization_required(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """A request without an Authorization header is turned away with a documented 401 or 403.

    It takes the place of the engine's `missing_required_header` for this header, which knows 401 alone
    (see contract_tests/hooks.py).
    """
    request = response.request
    if request.method != case.operation.method.upper() or "authorization" in {name.lower() for name in request.headers}:
        return
    documented = sorted(_REFUSALS & {str(status) for status in case.operation.definition.raw.get("responses", {})})
    if str(response.status_code) not in documented:
        raise AssertionError(
            "A request without an Authorization header is not turned away\n\n"
            f"Received: {response.status_code}\nDocumented: {', '.join(documented)}"
        )
