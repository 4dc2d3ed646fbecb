"""Whether a target can be tested at all, found out with a request that can ring nobody.

The request carries the right token and the body `{}`. It is sent only where `{}` breaks the spec, so that a server that
keeps the spec turns it away for nothing.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import httpx

if TYPE_CHECKING:
    from contract_tests.contract import Contract, Operation
    from contract_tests.target import Target

_REFUSED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_ABSENT: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


def find_obstacle(contract: Contract, target: Target, timeout: float) -> str | None:
    """Why the target cannot be tested, for the user to read; None if it can. `timeout` is in seconds."""
    operation = _harmless_operation(contract)
    method, path = (operation.method, operation.path) if operation else ("OPTIONS", "/")
    url = f"{target.url}{path}"
    try:
        response = httpx.request(
            method,
            url,
            content=json.dumps({}),
            headers={"Authorization": f"Bearer {target.token}", "Content-Type": "application/json"},
            timeout=timeout,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        return _explain_failure(error, target.url, timeout)
    return _explain_status(response, method, url) if operation else None


def _harmless_operation(contract: Contract) -> Operation | None:
    """The first operation that a request with the body `{}` cannot set in motion."""
    for operation in contract.operations:
        if operation.body and "{" not in operation.path and not contract.validator(operation.body).is_valid({}):
            return operation
    return None


def _explain_failure(error: httpx.HTTPError, url: str, timeout: float) -> str:
    match error:
        case httpx.ConnectTimeout():
            return f"{url} cannot be reached: no connection within {timeout:g} s. Is the address right?"
        case httpx.TimeoutException():
            return f"{url} accepts connections and does not answer: nothing came within {timeout:g} s."
        case httpx.ConnectError():
            return f"{url} cannot be reached: {error}. Is the server running, and the address right?"
        case httpx.ProtocolError():
            return f"{url} does not speak HTTP: {error}. Is the port right?"
        case _:
            return f"{url} cannot be talked to: {str(error) or type(error).__name__}."


def _explain_status(response: httpx.Response, method: str, url: str) -> str | None:
    status = response.status_code
    answer = f"it answers {status} to {method} {url}"
    if status in _REFUSED:
        return f"The target refuses the token: {answer}. Is it the right one, and still valid?"
    if status in _ABSENT:
        return f"The target has no such endpoint: {answer}. Is the base URL right?"
    if response.is_redirect:
        return (
            f"The target sends us on to {response.headers.get('location')!r}: {answer}. If that is it, name that URL."
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"The target takes no more requests for now: {answer}. Try again later."
    if response.is_server_error:
        return f"The target is out of order: {answer} with a harmless invalid body. Try again when it works."
    return None
