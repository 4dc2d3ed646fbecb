"""Finds out with a request that can ring nobody whether a target can be tested at all.

The request carries the right token and the body `{}`. It is sent only where `{}` breaks the spec, so that a server that
keeps the spec turns it away for nothing.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from contract_tests.contract.operations import JSON_MEDIA_TYPE
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from contract_tests.run.sending import Sender

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.guard.guard import Door
    from contract_tests.run.sending import Answer

REFUSED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
"""The statuses of a target that does not take the token."""
OUT_OF_ORDER: Final = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
"""The statuses that a gateway sends in place of its server. Any other 5xx is an answer of the server, to be judged."""
_PAUSE: Final = 0.5
_GRACE: Final = 2.0
_ABSENT: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
_REDIRECTION: Final = 3


def find_obstacle(contract: Contract, door: Door, url: str, timeout: float) -> str | None:
    """The reason why the target with the URL cannot be tested, for the user to read; None if it can.

    It takes `timeout` seconds at most: as long as the target is out of order, it is asked again.
    """
    operation = _harmless_operation(contract)
    request = _request(operation)
    asked_until = time.monotonic() + timeout
    while True:
        answer = _ask(request, door, asked_until - time.monotonic())
        if answer is None:
            return f"{url} does not answer: no response came within {timeout:g} s."
        is_out_of_order = operation is not None and answer.status in OUT_OF_ORDER and answer.mark is None
        if not is_out_of_order or time.monotonic() + _PAUSE > asked_until:
            break
        time.sleep(_PAUSE)
    if answer.mark:
        return f"{url} {answer.text.removeprefix('the target ')}.{_advice(answer.text)}"
    return _explain_status(answer, request.method, f"{url}{request.target}") if operation else None


def _ask(request: Request, door: Door, seconds: float) -> Answer | None:
    """The guard's answer; None if it took too long."""
    with Sender(door) as sender:
        # The guard itself waits as long as the whole preflight may take; it says more of what went wrong.
        return sender.send(request, door.preflight, max(0.0, seconds) + _GRACE)


def _request(operation: Operation | None) -> Request:
    headers = Headers([(AUTHORIZATION, RIGHT), (CONTENT_TYPE, JSON_MEDIA_TYPE)])
    method, path = (operation.method, operation.path) if operation else ("OPTIONS", "/")
    return Request(method, path, headers, b"{}")


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


def _explain_status(answer: Answer, method: str, url: str) -> str | None:
    status = answer.status
    said = f"it answers {status} to {method} {url}"
    if status in REFUSED:
        return f"The target refuses the token: {said}. Is it the right one, and still valid?"
    if status in _ABSENT:
        return f"The target has no such endpoint: {said}. Is the base URL right?"
    if status // 100 == _REDIRECTION and answer.location is not None:
        return f"The target redirects to {answer.location!r}: {said}. If that is the server, name its URL."
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"The target takes no more requests for now: {said}. Try again later."
    if status in OUT_OF_ORDER:
        return f"The target is out of order: {said} with a harmless invalid body. Try again when it works."
    return None
