"""Whether a target can be tested at all, found out with a request that can ring nobody.

The request carries the right token and the body `{}`. It is sent only where `{}` breaks the spec, so that a server that
keeps the spec turns it away for nothing.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, Final

import httpx

from contract_tests.contract.contract import JSON_MEDIA_TYPE
from contract_tests.exchange.marks import CASE_ID, MARK, PREFLIGHT
from contract_tests.run.sending import make_client

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract, Operation
    from contract_tests.exchange.exchange import Door

REFUSED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
"""How a target answers that does not take the token."""
OUT_OF_ORDER: Final = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
"""What stands before a server says so of it; any other 5xx is an answer of its own, and to be judged."""
_PAUSE: Final = 0.5
_GRACE: Final = 2.0
_numbers: Final = count(1)
_ABSENT: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


def find_obstacle(contract: Contract, door: Door, url: str, timeout: float) -> str | None:
    """Why the target with the URL cannot be tested, for the user to read; None if it can.

    It takes `timeout` seconds at most: as long as the target is out of order, it is asked again.
    """
    operation = _harmless_operation(contract)
    method, path = (operation.method, operation.path) if operation else ("OPTIONS", "/")
    asked_until = time.monotonic() + timeout
    while True:
        answer = _ask(method, path, door, asked_until - time.monotonic())
        if answer is None:
            return f"{url} does not answer: no response came within {timeout:g} s."
        is_out_of_order = operation is not None and _is_out_of_order(answer)
        if not is_out_of_order or time.monotonic() + _PAUSE > asked_until:
            break
        time.sleep(_PAUSE)
    if MARK in answer.headers:
        return f"{url} {answer.text.removeprefix('the target ')}.{_advice(answer.text)}"
    return _explain_status(answer, method, f"{url}{path}") if operation else None


def _ask(method: str, path: str, door: Door, seconds: float) -> httpx.Response | None:
    """The guard's answer; None if it took too long."""
    headers = {
        "Authorization": f"Bearer {door.placeholder}",
        "Content-Type": JSON_MEDIA_TYPE,
        CASE_ID: f"{PREFLIGHT}-{next(_numbers)}",
    }
    try:
        # The guard itself waits as long as the whole preflight may take; it says more of what went wrong.
        with make_client(seconds + _GRACE) as client:
            return client.request(method, f"{door.url}{path}", content="{}", headers=headers)
    except httpx.HTTPError:
        return None


def _is_out_of_order(answer: httpx.Response) -> bool:
    return answer.status_code in OUT_OF_ORDER and MARK not in answer.headers


def _harmless_operation(contract: Contract) -> Operation | None:
    """The first operation that a request with the body `{}` cannot set in motion."""
    for operation in contract.operations:
        if operation.body and "{" not in operation.path and not contract.validator(operation.body).is_valid({}):
            return operation
    return None


def _advice(trouble: str) -> str:
    if "cannot be reached" in trouble:
        return " Is the server running, and the address right?"
    return " Is the port right?" if "does not speak HTTP" in trouble else ""


def _explain_status(response: httpx.Response, method: str, url: str) -> str | None:
    status = response.status_code
    answer = f"it answers {status} to {method} {url}"
    if status in REFUSED:
        return f"The target refuses the token: {answer}. Is it the right one, and still valid?"
    if status in _ABSENT:
        return f"The target has no such endpoint: {answer}. Is the base URL right?"
    if response.is_redirect:
        return (
            f"The target sends us on to {response.headers.get('location')!r}: {answer}. If that is it, name that URL."
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"The target takes no more requests for now: {answer}. Try again later."
    if status in OUT_OF_ORDER:
        return f"The target is out of order: {answer} with a harmless invalid body. Try again when it works."
    return None
