"""An entry of a recording: one request and what came back, as far as it was recorded."""

from __future__ import annotations

import re
import sys
import zlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from contract_tests.exchange.headers import Headers

MAX_BODY: Final = 16 * 2**20
"""The longest body that is decompressed or read from a file of its own, in bytes."""
_WITHOUT_CONTENT: Final = {HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT}
_GZIP_OR_ZLIB: Final = 47
"""zlib's number for either, told by the first bytes."""


class RecordedResponse(NamedTuple):
    """A response as it was recorded. What is None was not recorded."""

    status: int
    headers: Headers | None
    body: bytes | None
    """The bytes, their content coding undone."""


class Entry(NamedTuple):
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
    return status >= HTTPStatus.OK and status != HTTPStatus.NOT_MODIFIED


def has_no_content(status: int) -> bool:
    """Tells whether responses with a status have no body (RFC 9110, section 6.4.1)."""
    return status in _WITHOUT_CONTENT


def response_of(status: int, headers: Headers | None, body: bytes | None) -> RecordedResponse | None:
    """A response with the bytes that passed over the wire; None if it is not the final one."""
    if not is_final(status):
        return None
    return RecordedResponse(status, headers, b"" if has_no_content(status) else undo_coding(body, headers))


def undo_coding(body: bytes | None, headers: Headers | None) -> bytes | None:
    """A body without its content coding. None if it is not known, breaks off or is too long.

    Recorders that undo the coding often keep the header field. So a body that is a text is taken as it is.
    """
    coding = coding_of(headers) if headers and body else ""
    return decompress(body, coding) if body and coding and _is_binary(body) else body


def coding_of(headers: Headers) -> str:
    """The content coding with which a body was sent, in lower case; empty if it was sent as it is."""
    return ",".join(value.lower() for value in headers.all("Content-Encoding") if value.lower() != "identity")


def content_length(headers: Headers | None) -> int | None:
    """The length that a message names; None if it names none that a body can have."""
    length = headers.first("Content-Length") if headers else None
    # A longer number is that of no body, and Python refuses to read one of thousands of digits.
    return int(length) if length and re.fullmatch(r"\d{1,18}", length, re.ASCII) else None


def decompress(body: bytes, coding: str) -> bytes | None:
    """A body without its gzip, deflate or zstd; None if it has another coding, breaks off, or is too long."""
    decoder = zstd.ZstdDecompressor() if coding == "zstd" else zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        decoded = decoder.decompress(body, MAX_BODY)
    except (zlib.error, zstd.ZstdError):
        return None
    return decoded if decoder.eof else None


def _is_binary(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return True
    return False
