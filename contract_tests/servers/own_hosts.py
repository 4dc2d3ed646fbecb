"""Keeps requests out of the mock that are for another host than this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse

from contract_tests.runtime.hosts import is_own_host, without_port

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

_MISDIRECTED: Final = 421


class OwnHosts:
    """An application that answers only requests for this machine, by its address or a name that no site can have.

    `origins` are those of pages that may use it; their hosts may be named too.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str] = ()) -> None:
        self._app = app
        self._hosts = {urlsplit(origin).hostname for origin in origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or refuses it."""
        hosts = [value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"host"]
        strange = next((host for host in hosts if not self._is_own(host)), None)
        if strange is None:
            await self._app(scope, receive, send)
            return
        told = f"{strange} is not this machine; --origin http://{strange} lets its pages use the mock\n"
        await PlainTextResponse(told, _MISDIRECTED)(scope, receive, send)

    def _is_own(self, host: str) -> bool:
        return without_port(host) in self._hosts or is_own_host(host)
