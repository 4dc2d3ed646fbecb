"""Variations of planned requests: other spellings of HTTP, and the same request at another time.

None has choices of its own, for its body is one that the plan tries too. So a failure is due to the variation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.credentials import RIGHT
from contract_tests.plan.requests import with_body, with_credentials

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contract_tests.exchange.exchange import Request

_MEDIA_TYPES: Final = ("Application/JSON", "application/json; charset=utf-8")
"""Other spellings of the media type (RFC 9110, section 8.3.1; RFC 8259, section 11)."""


@dataclass(frozen=True)
class Variation:
    """A valid request that differs from a planned one in its spelling or its time alone."""

    purpose: str
    request: Request
    is_beside_previous: bool = False
    """Whether it is to be sent while the request before it is still unanswered."""


def vary(planned: Sequence[Request]) -> Iterator[Variation]:
    """Makes the variations of an operation's planned requests, in the order in which to send them."""
    if not planned:
        return
    smallest = min(planned, key=lambda request: len(request.body))
    for media_type in _MEDIA_TYPES:
        yield Variation(f"a planned request as {media_type}", with_body(smallest, smallest.body, media_type))
    lower = with_credentials(smallest, (RIGHT.replace("Bearer", "bearer"),))
    yield Variation("a planned request with the scheme in lower case", lower)
    yield Variation("the same planned request once more", smallest)
    yield from _at_once(planned)
    yield Variation("the first planned request again at the end", planned[0])


def _at_once(planned: Sequence[Request]) -> Iterator[Variation]:
    """Two planned requests that differ, at once: their answers must not be mixed up."""
    one, other = planned[0], next((each for each in planned if each.body != planned[0].body), planned[0])
    yield Variation("the first of two requests at once", one)
    yield Variation("the second of two requests at once", other, is_beside_previous=True)
