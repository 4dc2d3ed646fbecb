"""Bodies as recorders write them: as text, as base64, still compressed, still in chunks, or cut short."""

from __future__ import annotations

import base64
import re
import sys
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any, Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["MAX_BODY", "REPLACEMENT", "bytes_of_text", "decode_base64", "undo_coding", "without_chunks", "zstd"]

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.exchange.headers import Headers

MAX_BODY: Final = 16 * 2**20
"""The longest body that is decompressed or read from a file of its own, in bytes."""
REPLACEMENT: Final = "\ufffd"
"""Stands in recordings in place of bytes that are no UTF-8."""
_GZIP_OR_ZLIB: Final = 47
"""zlib's number for either, told by the first bytes."""
_BARE_DEFLATE: Final = -15
"""zlib's number for deflate without a head, which many servers send as `deflate`."""
_NO_TEXT: Final = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]*\r\n")
_ENCODED: Final = re.compile(r"(?:e[w-z0-9+/]|W[w-z0-9+/]|H4sI)[A-Za-z0-9+/\r\n]{8,}={0,2}\s*")
"""Base64 of an object or an array of JSON, or of something in gzip."""


def bytes_of_text(text: str) -> bytes | None:
    """The bytes of a body that was recorded as a text; None if the text does not tell them.

    It does not if bytes were replaced, or if it is the base64 of JSON and nothing says so.
    """
    if REPLACEMENT in text or (text[:1] in {"e", "W", "H"} and _ENCODED.fullmatch(text)):
        return None
    return text.encode(errors="replace")


def decode_base64(text: str) -> bytes | None:
    """The bytes that base64 stands for, also in lines, unpadded or in the alphabet of URLs; None if it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # binascii.Error is one, and so is what is said of text beyond ASCII
        plain = re.sub(r"\s|=+\s*\Z", "", text).replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError:
        return None


def undo_coding(body: bytes | None, headers: Headers | None) -> bytes | None:
    """A body without its chunks and its content coding. None if it is not whole, or its coding is not known.

    Recorders that undo the coding often keep the header field. So a body that is a text is taken as it is.
    """
    if body is None or not headers:
        return body
    coding, length = headers.content_coding, headers.content_length
    is_short = not coding and length is not None and len(body) < length
    if is_short and not headers.all("Transfer-Encoding"):  # beside chunks, it says nothing (RFC 9112, section 6.3)
        return None
    whole = without_chunks(body, headers)
    return decompress(whole, coding) if whole and coding and not _is_text(whole) else whole


def without_chunks(body: bytes, headers: Headers) -> bytes | None:
    """A body without the sizes of its chunks, which some recorders leave in it; None if it breaks off in one."""
    found = None if body[:1] in {b"{", b"[", b'"'} else _CHUNK.match(body)
    if not found or "chunked" not in (headers.joined("Transfer-Encoding") or "").lower():
        return body
    chunks: list[bytes] = []
    while found is not None and (size := int(found[1], 16)):
        chunk = body[found.end() : found.end() + size]
        chunks.append(chunk)
        found = _CHUNK.match(body, found.end() + size + 2) if len(chunk) == size else None
    return None if found is None else b"".join(chunks)


def decompress(body: bytes, codings: str) -> bytes | None:
    """A body without its gzip, deflate or zstd; None if it has another coding, breaks off, or is too long."""
    decoded: bytes | None = _as_it_came(body)
    for coding in reversed([each.strip().removeprefix("x-") for each in codings.split(",")]):
        decoded = _decompress(decoded, coding) if decoded is not None else None
    return decoded


def _decompress(body: bytes, coding: str) -> bytes | None:
    if coding == "zstd":
        return _decode_all(body, zstd.ZstdDecompressor)
    if coding == "gzip":
        return _decode_all(body, partial(zlib.decompressobj, _GZIP_OR_ZLIB))
    if coding == "deflate":
        kinds = (partial(zlib.decompressobj, kind) for kind in (_GZIP_OR_ZLIB, _BARE_DEFLATE))
        found = (_decode_all(body, kind) for kind in kinds)
        return next((each for each in found if each is not None), None)
    return body if coding in {"", "identity"} else None


def _decode_all(body: bytes, make: Callable[[], Any]) -> bytes | None:
    """The content of a body in one part or several; None if it breaks off, or is too long."""
    parts: list[bytes] = []
    room, rest = MAX_BODY, body
    while rest:
        decoder = make()
        try:
            part = decoder.decompress(rest, room + 1)
        except (zlib.error, zstd.ZstdError):
            return None
        room -= len(part)
        if room < 0 or not decoder.eof:
            return None
        parts.append(part)
        rest = decoder.unused_data
    return b"".join(parts)


def _as_it_came(body: bytes) -> bytes:
    """Bytes that were recorded as characters of the same numbers, as they came over the wire."""
    try:
        return body.decode().encode("latin-1")
    except UnicodeError:
        return body


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return _NO_TEXT.search(body) is None
