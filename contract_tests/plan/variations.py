"""Variations of planned requests: other spellings of HTTP, and the same request at another time.

None has choices of its own, for its body is one that the plan tries too. So a failure is due to the variation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from contract_tests.contract.media_types import JSON_MEDIA_TYPE, is_json
from contract_tests.contract.security import Scheme
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT, with_value
from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from contract_tests.plan.requests import in_chunks, with_alternative, with_body
from contract_tests.plan.spelling import write_otherwise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Request
    from spec.json_value import Json

_MEDIA_TYPES: Final = ("Application/JSON", "application/json; charset=utf-8")
"""Other spellings of the media type (RFC 9110, section 8.3.1; RFC 8259, section 11)."""


@dataclass(frozen=True)
class Variation:
    """A valid request that differs from a planned one in its spelling or its time alone."""

    purpose: str
    request: Request
    is_beside_previous: bool = False
    """True if it is sent while the request before it is still unanswered."""


def vary(planned: Sequence[Request]) -> Iterator[Variation]:
    """Makes the variations of an operation's planned requests, in the order in which to send them."""
    if not planned:
        return
    smallest = min(planned, key=lambda request: len(request.body))
    for media_type in _MEDIA_TYPES if smallest.headers.first(CONTENT_TYPE) == JSON_MEDIA_TYPE else ():
        yield Variation(f"a planned request as {media_type}", with_body(smallest, smallest.body, media_type))
    if smallest.headers.all(AUTHORIZATION) == [RIGHT]:
        lower = with_value(smallest, Scheme("bearer"), RIGHT.replace("Bearer", "bearer"))
        yield Variation("a planned request with the scheme in lower case", lower)
    yield Variation("a planned request in chunks", in_chunks(smallest))
    if is_json(smallest.headers.first(CONTENT_TYPE) or ""):
        yield _spelt_otherwise(planned)
    yield Variation("the same planned request once more", smallest)
    yield from _at_once(planned)


def vary_credentials(operation: Operation, planned: Iterable[Request]) -> Iterator[Variation]:
    """Makes planned requests with each other alternative of credentials that is tried."""
    for request in planned:
        made = [request]
        for alternative in operation.alternatives[1:]:
            names = " and ".join(scheme.name for scheme in alternative)
            other = with_alternative(request, operation, alternative)
            if other not in made:  # two schemes may have one form
                made.append(other)
                yield Variation(f"a planned request with {names or 'no credentials'}", other)


def vary_accepted(media_types: Sequence[str], planned: Iterable[Request]) -> Iterator[Variation]:
    """Makes planned requests that ask for each of several media types of their response (RFC 9110, section 12.5.1)."""
    for request in planned if len(media_types) > 1 else ():
        for media_type in media_types:
            headers = Headers([*request.headers.without(["accept"]), ("Accept", media_type)])
            yield Variation(f"a planned request for {media_type}", replace(request, headers=headers))


def _spelt_otherwise(planned: Sequence[Request]) -> Variation:
    widest = max(planned, key=lambda request: request.body.count(b"\\u"))
    otherwise = write_otherwise(json.loads(widest.body)).encode(errors="surrogatepass")
    media_type = widest.headers.first(CONTENT_TYPE) or JSON_MEDIA_TYPE
    return Variation("a planned request in another spelling of JSON", with_body(widest, otherwise, media_type))


def _at_once(planned: Sequence[Request]) -> Iterator[Variation]:
    """Two planned requests at once, whose answers can be told apart by most values: they must not be mixed up."""
    one = planned[0]
    values = _values(_read(one))
    other = max(planned, key=lambda each: _contradictions(values, _values(_read(each))))
    yield Variation("the first of two requests at once", one)
    yield Variation("the second of two requests at once", other, is_beside_previous=True)


def _read(request: Request) -> Json:
    """The body as JSON; as a text where it is none."""
    is_of_json = is_json(request.headers.first(CONTENT_TYPE) or "")
    return json.loads(request.body) if is_of_json else request.body.decode("latin-1")


def _contradictions(one: Mapping[str, Json], other: Mapping[str, Json]) -> int:
    """How many places two bodies have another value at."""
    return sum(one[place] != other[place] for place in one.keys() & other.keys())


def _values(body: Json, place: str = "") -> dict[str, Json]:
    """The values in a body that are neither object nor array, by their places."""
    if isinstance(body, dict | list):
        items = body.items() if isinstance(body, dict) else enumerate(body)
        inner = (_values(value, f"{place}/{key}") for key, value in items)
        return {place: value for values in inner for place, value in values.items()}
    return {place: body}
