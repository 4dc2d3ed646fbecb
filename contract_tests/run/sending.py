"""Sends the guard requests of ours, beside those of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import httpx

from contract_tests.exchange.credentials import AUTHORIZATION, fill_in
from contract_tests.exchange.exchange import MASKED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.exchange.exchange import Request


_TIMEOUT: Final = 150.0
"""Beyond what the guard waits for a target, as schemathesis.toml has it for the engine."""
_FRAMING: Final = {"content-length", "transfer-encoding"}


def make_client(timeout: float = _TIMEOUT) -> httpx.Client:
    """A client for the guard, which speaks plain HTTP on this machine. `timeout` is in seconds."""
    return httpx.Client(trust_env=False, timeout=timeout, verify=False)  # noqa: S501 - certificates take 40 ms to load


def send(client: httpx.Client, request: Request, token: str, own: Mapping[str, str]) -> None:
    """Sends a request by its bytes, without what an HTTP client adds of its own.

    Its fields come in their order, the token in its place, and fields of one's own after them.

    A field whose value was masked is left out, and so is what was said of the body's length: it is said anew, for a
    recorded one may be that of other bytes. `Host` is added where it is missing.

    Raises:
        httpx.HTTPError: there is no whole response, or the request cannot be sent at all.
    """
    headers = [(name, value) for name, value in request.headers if value != MASKED and name.lower() not in _FRAMING]
    fields = [_field(name, value, token) for name, value in headers]
    fields += [_field(name, value, token) for name, value in own.items()]
    target = {"target": _target(request.url)}
    client.send(
        httpx.Request(request.method, request.url, headers=fields, content=request.body or None, extensions=target)
    )


def _field(name: str, value: str, token: str) -> tuple[bytes, bytes]:
    sent = fill_in(value, token) if name.lower() == AUTHORIZATION.lower() else value
    return name.encode("latin-1", "replace"), sent.strip(" \t").encode("latin-1", "replace")


def _target(url: str) -> bytes:
    """Path and query as they are written; httpx would write some characters in another way."""
    path = "/" + url.partition("://")[2].partition("/")[2]
    return path.partition("#")[0].encode("ascii", "replace")
