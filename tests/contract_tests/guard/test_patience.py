"""How long a target that asks for time is waited for."""

from __future__ import annotations

import pytest

from contract_tests.exchange.exchange import Response
from contract_tests.exchange.headers import Headers
from contract_tests.guard.patience import Patience


def asking(*fields: tuple[str, str], status: int = 429) -> Response:
    return Response(status, Headers(fields))


@pytest.mark.parametrize(
    ("response", "seconds"),
    [
        (asking(("Retry-After", "7")), 7),
        (asking(("Retry-After", " 7 ")), 7),
        (asking(("Retry-After", "7"), status=503), 7),
        (asking(("Date", "Sat, 31 Jan 2026 09:30:00 GMT"), ("Retry-After", "Sat, 31 Jan 2026 09:30:09 GMT")), 9),
        (asking(("Date", "Sat, 31 Jan 2026 09:30:00 GMT"), ("Retry-After", "Sat, 31 Jan 2026 09:29:00 GMT")), 0),
        (asking(("Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT")), 0),
        (asking(("Retry-After", "Fri, 01 Jan 2999 00:00:00 GMT")), None),
        (asking(("Retry-After", "7.5")), None),
        (asking(), None),
        (asking(("Retry-After", "7"), status=500), None),
        (asking(("Retry-After", "7"), status=200), None),
        (None, None),
    ],
)
def test_the_time_that_is_asked_for(response: Response | None, seconds: float | None) -> None:
    assert Patience(60).take(response) == seconds


def test_patience_comes_to_an_end() -> None:
    patience = Patience(10)
    assert [patience.take(asking(("Retry-After", text))) for text in ("4", "4", "4", "2", "1")] == [4, 4, None, 2, None]
