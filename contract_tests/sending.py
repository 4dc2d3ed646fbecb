"""Sends requests by their bytes, without what an HTTP client adds of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from contract_tests.credentials import AUTHORIZATION, fill_in
from contract_tests.exchanges import MASKED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.exchanges import Request


def send(client: httpx.Client, request: Request, token: str, own: Mapping[str, str]) -> None:
    """Sends a request, its fields in their order, the token in its place, and fields of one's own after them.

    A field whose value was masked is left out. `Host` and `Content-Length` are added where they are missing.

    Raises:
        httpx.HTTPError: there is no whole response, or the request cannot be sent at all.
    """
    fields = [_field(name, value, token) for name, value in request.headers if value != MASKED]
    fields += [_field(name, value, token) for name, value in own.items()]
    target = {"target": _target(request.url)}
    client.send(
        httpx.Request(request.method, request.url, headers=fields, content=request.body or None, extensions=target)
    )


def _field(name: str, value: str, token: str) -> tuple[bytes, bytes]:
    sent = fill_in(value, token) if name.lower() == AUTHORIZATION.lower() else value
    return name.encode("latin-1", "replace"), sent.encode("latin-1", "replace")


def _target(url: str) -> bytes:
    """Path and query as they are written; httpx would write some characters in another way."""
    path = "/" + url.partition("://")[2].partition("/")[2]
    return path.partition("#")[0].encode("ascii", "replace")
