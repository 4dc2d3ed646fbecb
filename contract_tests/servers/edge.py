"""The edge of the mock's application: pages of this machine may use it in a browser, and requests are noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from starlette.middleware.cors import CORSMiddleware

from contract_tests.servers.hiding import Hiding
from contract_tests.servers.journal import Journaling
from contract_tests.servers.own_hosts import OwnHosts
from contract_tests.servers.preferences import APPLIED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.types import ASGIApp

    from contract_tests.contract.operations import Operation
    from contract_tests.servers.journal import Explain, Journal

_OWN_ORIGINS: Final = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?"
"""The origins of this machine. A page of any other could have the mock send webhooks to servers behind a firewall."""


class Access(NamedTuple):
    """The requests that a page may send to an application, and where these have credentials."""

    methods: tuple[str, ...] = ("GET", "POST")
    headers: tuple[str, ...] = ("Authorization", "Content-Type", "Prefer")
    exposed: tuple[str, ...] = (APPLIED,)
    """The header fields of answers that the page may read."""
    hiding: Hiding = Hiding()

    @classmethod
    def of(cls, operations: Sequence[Operation]) -> Access:
        """Those of an API, and of a mock's own routes."""
        schemes = {scheme for operation in operations for scheme in operation.schemes}
        parameters = {each for operation in operations for each in operation.parameters}
        headers = {each.name for each in parameters if each.location == "header"}
        headers |= {each.field for each in schemes if each.location == "header"}
        methods = {operation.method for operation in operations}
        return cls(_with(cls().methods, methods), _with(cls().headers, headers), ("*",), Hiding.of(schemes))


def at_the_edge(
    app: ASGIApp, journal: Journal, explain: Explain, origins: Sequence[str] = (), access: Access | None = None
) -> ASGIApp:
    """The application for pages of this machine and of the origins named, noting requests in a journal."""
    access = access or Access()
    with_cors = CORSMiddleware(
        app,
        allow_origins=origins,
        allow_origin_regex=_OWN_ORIGINS,
        allow_methods=access.methods,
        allow_headers=access.headers,
        expose_headers=access.exposed,
    )
    return OwnHosts(Journaling(with_cors, journal, explain, access.hiding), origins)


def _with(known: tuple[str, ...], further: Iterable[str]) -> tuple[str, ...]:
    return (*known, *sorted({*further} - {*known}))
