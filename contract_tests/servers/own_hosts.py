"""Keeps requests out that are for another host than this machine.

A page of any site can have its own name lead to this machine once it is loaded (DNS rebinding). Its browser then takes
the mock for the page's own server, so no rule about origins holds. But it names the site in the field Host.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

_MISDIRECTED: Final = 421
_PORT: Final = re.compile(r":\d*$")
_OF_NOBODY: Final = (".localhost", ".internal", ".local", ".test", ".invalid", ".example")
"""The ends of names that nobody can register, such as `host.docker.internal`."""


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
        strange = next((host for host in hosts if not self._is_own(_PORT.sub("", host).lower())), None)
        if strange is None:
            await self._app(scope, receive, send)
            return
        told = f"{strange} is not this machine; --origin http://{strange} lets its pages use the mock\n"
        await PlainTextResponse(told, _MISDIRECTED)(scope, receive, send)

    def _is_own(self, host: str) -> bool:
        return host in self._hosts or is_own_host(host)


def is_own_host(host: str) -> bool:
    """Tells whether a host without its port is an address, or a name that no site can have.

    >>> [is_own_host(each) for each in ("127.0.0.1", "[::1]", "localhost", "mock", "host.docker.internal", "evil.com")]
    [True, True, True, True, True, False]
    """
    if "." not in host.rstrip(".") or host.rstrip(".").endswith(_OF_NOBODY):
        return True
    try:
        return bool(ip_address(host))
    except ValueError:
        return False
