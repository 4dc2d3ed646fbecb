"""Sends requests by their bytes, without what an HTTP client adds of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from contract_tests.credentials import AUTHORIZATION, fill_in
from contract_tests.exchanges import MASKED, Response

if TYPE_CHECKING:
    from contract_tests.exchanges import Request


def send(client: httpx.Client, request: Request, token: str) -> Response:
    """The response to a request, whose fields go out in their order, the token in its place.

    A field whose value was masked is left out. `Host` and `Content-Length` are added where they are missing.

    Raises:
        httpx.HTTPError: there is no whole response, or the request cannot be sent at all.
        httpx.InvalidURL: the same.
    """
    answer = client.send(
        httpx.Request(
            request.method,
            request.url,
            headers=[_field(name, value, token) for name, value in request.headers if value != MASKED],
            content=request.body or None,
            extensions={"target": _target(request.url)},
        )
    )
    return Response(answer.status_code, tuple(answer.headers.multi_items()), answer.content)


def _field(name: str, value: str, token: str) -> tuple[bytes, bytes]:
    sent = fill_in(value, token) if name.lower() == AUTHORIZATION.lower() else value
    return name.encode("latin-1", "replace"), sent.encode("latin-1", "replace")


def _target(url: str) -> bytes:
    """Path and query as they are written; httpx would write some characters in another way."""
    path = "/" + url.partition("://")[2].partition("/")[2]
    return path.partition("#")[0].encode("ascii", "replace")
