"""The edge of the mock's application: pages of this machine may use it in a browser, and requests are noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.middleware.cors import CORSMiddleware

from contract_tests.servers.journal import Journaling
from contract_tests.servers.preferences import APPLIED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp

    from contract_tests.servers.journal import Explain, Journal

_OWN_ORIGINS: Final = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?"
"""The origins of this machine. A page of any other could have the mock send webhooks to servers behind a firewall."""


def at_the_edge(app: ASGIApp, journal: Journal, explain: Explain, origins: Sequence[str] = ()) -> ASGIApp:
    """The application with CORS for this machine's origins and those named, noting requests in a journal."""
    with_cors = CORSMiddleware(
        app,
        allow_origins=origins,
        allow_origin_regex=_OWN_ORIGINS,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Prefer"],
        expose_headers=[APPLIED],
    )
    return Journaling(with_cors, journal, explain)
