"""An entry of a recording: one request and what came back, as far as it was recorded."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from contract_tests.traffic.codings import undo_coding

if TYPE_CHECKING:
    from contract_tests.exchange.headers import Headers

_OK: Final = int(HTTPStatus.OK)
_LAST: Final = 999
"""The last number that can stand in a status line."""
_NOT_MODIFIED: Final = int(HTTPStatus.NOT_MODIFIED)
_WITHOUT_CONTENT: Final = frozenset(map(int, (HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT)))


class RecordedResponse(Struct, frozen=True):
    """A response as it was recorded. What is None was not recorded."""

    status: int
    headers: Headers | None
    body: bytes | None
    """The bytes, their content coding undone."""


class Entry(Struct, frozen=True):
    """An exchange as it was recorded. What is None was not recorded, or is not whole."""

    method: str
    url: str
    headers: Headers | None
    """The header fields of the request."""
    body: bytes | None
    """The bytes of the request's body, their content coding undone."""
    response: RecordedResponse | None
    """The final response of the server; None if none came, or something between answered in its place."""


def is_final(status: int) -> bool:
    """Tells whether a status is that of a whole response: no status says that none came, 304 that a cache answers."""
    return _OK <= status <= _LAST and status != _NOT_MODIFIED


def has_no_content(status: int) -> bool:
    """Tells whether responses with a status have no body (RFC 9110, section 6.4.1)."""
    return status in _WITHOUT_CONTENT


def response_of(status: int, headers: Headers | None, body: bytes | None) -> RecordedResponse | None:
    """A response with the bytes that passed over the wire; None if it is not the final one."""
    if not is_final(status):
        return None
    return RecordedResponse(status, headers, b"" if has_no_content(status) else undo_coding(body, headers))
