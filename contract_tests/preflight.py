"""Whether a target can be tested at all, found out with a request that can ring nobody.

The request carries the right token and the body `{}`. It is sent only where `{}` breaks the spec, so that a server that
keeps the spec turns it away for nothing.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import httpx

from contract_tests.contract import JSON_MEDIA_TYPE

if TYPE_CHECKING:
    from contract_tests.contract import Contract, Operation
    from contract_tests.target import Target

_REFUSED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
# What stands before a server says so of it; any other 5xx is an answer of its own, and to be judged.
_OUT_OF_ORDER: Final = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
_ABSENT: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


def find_obstacle(contract: Contract, target: Target, timeout: float) -> str | None:
    """Why the target cannot be tested, for the user to read; None if it can. It takes `timeout` seconds at most."""
    operation = _harmless_operation(contract)
    method, path = (operation.method, operation.path) if operation else ("OPTIONS", "/")
    url = f"{target.url}{path}"
    try:
        response = asyncio.run(_ask(method, url, target.token, timeout))
    except TimeoutError:
        return f"{target.url} does not answer: no response came within {timeout:g} s."
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return _explain_failure(error, target.url)
    return _explain_status(response, method, url) if operation else None


async def _ask(method: str, url: str, token: str, seconds: float) -> httpx.Response:
    """The status and the header fields of a response; its body, which may have no end, is left unread."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": JSON_MEDIA_TYPE}
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(trust_env=False, timeout=None) as client,  # noqa: S113 - the line above limits it as a whole
        client.stream(method, url, content="{}", headers=headers) as response,
    ):
        return response


def _harmless_operation(contract: Contract) -> Operation | None:
    """The first operation that a request with the body `{}` cannot set in motion."""
    for operation in contract.operations:
        if operation.body and "{" not in operation.path and not contract.validator(operation.body).is_valid({}):
            return operation
    return None


def _explain_failure(error: Exception, url: str) -> str:
    match error:
        case httpx.ConnectError():
            return f"{url} cannot be reached: {error}. Is the server running, and the address right?"
        case httpx.RemoteProtocolError():
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
    if status in _OUT_OF_ORDER:
        return f"The target is out of order: {answer} with a harmless invalid body. Try again when it works."
    return None
