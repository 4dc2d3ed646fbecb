"""Finds out with a request that can ring nobody whether a target can be tested at all.

The request carries the right token and the body `{}`. It is sent only where `{}` breaks the spec, so that a server that
keeps the spec turns it away for nothing. Where its answer is no obstacle, it is judged like any other.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from contract_tests.contract.media_types import JSON_MEDIA_TYPE
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from contract_tests.plan.schedule import make_preflight
from contract_tests.run.sending import Sender

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.guard.guard import Door
    from contract_tests.plan.schedule import PlannedRequest
    from contract_tests.run.sending import Answer

REFUSED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
"""The statuses of a target that does not take the token."""
OUT_OF_ORDER: Final = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
"""The statuses that a gateway sends in place of its server. Any other 5xx is an answer of the server, to be judged."""
_PAUSE: Final = 0.5
_GRACE: Final = 2.0
_ABSENT: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
_REDIRECTION: Final = 3
_BASIC: Final = "The spec asks for HTTP's basic authentication, so it must be USER:PASSWORD."
_ANY_REQUEST: Final = Request("OPTIONS", "/", Headers([(AUTHORIZATION, RIGHT), (CONTENT_TYPE, JSON_MEDIA_TYPE)]), b"{}")
"""The request where the contract has no operation that `{}` cannot set in motion, or no call may be made."""


def find_obstacle(contract: Contract, door: Door, url: str, timeout: float, *, has_calls: bool = True) -> str | None:
    """The reason why the target with the URL cannot be tested, for the user to read; None if it can.

    It takes `timeout` seconds at most: as long as the target is out of order, it is asked again.
    Without a call to spend, as in a shard that has none, the target is only asked whether it is there.
    """
    if contract.operations and not any(operation.is_servable for operation in contract.operations):
        unserved = dict.fromkeys(operation.unserved for operation in contract.operations)
        return f"No request can have the credentials that the spec asks for: {'; '.join(unserved)}."
    planned = make_preflight(contract) if has_calls else None
    answer = _ask_for(planned, door, timeout)
    if answer is None:
        return f"{url} does not answer: no response came within {timeout:g} s."
    if answer.mark:
        return f"{url} {answer.text.removeprefix('the target ')}.{_advice(answer.text)}"
    return _explain(planned, answer, url) if planned else None


def _ask_for(planned: PlannedRequest | None, door: Door, timeout: float) -> Answer | None:
    """The answer to the planned request, or to any. A target that is out of order is asked again until time is up."""
    asked_until = time.monotonic() + timeout
    while True:
        answer = _ask(planned.request if planned else _ANY_REQUEST, door, asked_until - time.monotonic())
        is_out_of_order = planned and answer and answer.status in OUT_OF_ORDER and answer.mark is None
        if not is_out_of_order or time.monotonic() + _PAUSE > asked_until:
            return answer
        time.sleep(_PAUSE)


def _explain(planned: PlannedRequest, answer: Answer, url: str) -> str | None:
    """Explains an answer of the target that is an obstacle; None for any other."""
    said = f"it answers {answer.status} to {planned.request.method} {url}{planned.request.target}"
    explained = _explain_status(answer.status, answer.location, said)
    is_basic = answer.status in REFUSED and any(scheme.kind == "basic" for scheme in planned.operation.credentials)
    return f"{explained} {_BASIC}" if explained and is_basic else explained


def is_obstacle(exchange: Exchange) -> bool:
    """Tells whether the answer to a preflight is an obstacle, which says nothing of how the server keeps the spec."""
    response = exchange.response
    return response is None or _explain_status(response.status, response.headers.joined("Location"), "") is not None


def _ask(request: Request, door: Door, seconds: float) -> Answer | None:
    """The guard's answer; None if it took too long."""
    with Sender(door) as sender:
        # The guard itself waits as long as the whole preflight may take; it says more of what went wrong.
        return sender.send(request, door.preflight, max(0.0, seconds) + _GRACE)


def _advice(trouble: str) -> str:
    if "cannot be reached" in trouble:
        return " Is the server running, and the address right?"
    return " Is the port right?" if "does not speak HTTP" in trouble else ""


def _explain_status(status: int, location: str | None, said: str) -> str | None:
    """Explains an answer that is an obstacle; None for any other."""
    if status in REFUSED:
        return f"The target refuses the token: {said}. Is it the right one, and still valid?"
    if status in _ABSENT:
        return f"The target has no such endpoint: {said}. Is the base URL right?"
    if status // 100 == _REDIRECTION and location is not None:
        return f"The target redirects to {location!r}: {said}. If that is the server, name its URL."
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"The target takes no more requests for now: {said}. Try again later."
    if status in OUT_OF_ORDER:
        return f"The target is out of order: {said} with a harmless invalid body. Try again when it works."
    return None
