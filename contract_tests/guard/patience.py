"""Patience with a target that asks for time: with 429 or 503, and `Retry-After` (RFC 9110, section 10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from contract_tests.exchange.exchange import Response

_ASKING: Final = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


class Patience:
    """The seconds that a run may still wait for its target, of those that it has in all."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    def take(self, response: Response | None) -> float | None:
        """The seconds to wait until the request is sent again, which are then spent.

        None if the target does not ask for time, or for more than is left.
        """
        seconds = _seconds_asked_for(response)
        if seconds is None or seconds > self._left:
            return None
        self._left -= seconds
        return seconds


def _seconds_asked_for(response: Response | None) -> float | None:
    if response is None or response.status not in _ASKING:
        return None
    value = (response.headers.first("Retry-After") or "").strip()
    if value.isascii() and value.isdecimal():
        return float(value)
    now = _read_date(response.headers.first("Date") or "") or datetime.now(UTC)
    until = _read_date(value)
    return max(0.0, (until - now).total_seconds()) if until else None


def _read_date(text: str) -> datetime | None:
    """The time of a date of HTTP's; None if it is none."""
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date
