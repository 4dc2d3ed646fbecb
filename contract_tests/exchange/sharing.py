"""Keeps equal parts of many exchanges once: most have the same header fields, and many the same body."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from contract_tests.exchange.exchange import Exchange, Request, Response
    from contract_tests.exchange.headers import Field, Headers

T = TypeVar("T", str, bytes)


class Sharing:
    """Remembers the parts of exchanges. A veiled part is never replaced: one that is equal may show more of it."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._bytes: dict[bytes, bytes] = {}
        self._headers: dict[tuple[Field, ...], Headers] = {}

    def share(self, exchange: Exchange) -> Exchange:
        """The exchange, with the parts of earlier ones where these are equal."""
        response = exchange.response and self._response(exchange.response)
        return replace(exchange, request=self._request(exchange.request), response=response)

    def _request(self, request: Request) -> Request:
        return replace(
            request,
            method=_once(self._texts, request.method),
            target=_once(self._texts, request.target),
            base_url=_once(self._texts, request.base_url),
            headers=self._fields(request.headers),
            body=_once(self._bytes, request.body),
        )

    def _response(self, response: Response) -> Response:
        return replace(response, headers=self._fields(response.headers), body=_once(self._bytes, response.body))

    def _fields(self, headers: Headers) -> Headers:
        is_plain = all(type(text) is str for field in headers for text in field)
        return self._headers.setdefault(tuple(headers), headers) if is_plain else headers


def _once(known: dict[T, T], value: T) -> T:
    return known.setdefault(value, value) if type(value) in {str, bytes} else value
