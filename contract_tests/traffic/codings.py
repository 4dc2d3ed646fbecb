"""Content codings of recorded bodies, and their lengths."""

from __future__ import annotations

import sys
import zlib
from typing import TYPE_CHECKING, Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["MAX_BODY", "decompress", "undo_coding", "zstd"]

if TYPE_CHECKING:
    from contract_tests.exchange.headers import Headers

MAX_BODY: Final = 16 * 2**20
"""The longest body that is decompressed or read from a file of its own, in bytes."""
_GZIP_OR_ZLIB: Final = 47
"""zlib's number for either, told by the first bytes."""


def undo_coding(body: bytes | None, headers: Headers | None) -> bytes | None:
    """A body without its content coding. None if it is not known, breaks off or is too long.

    Recorders that undo the coding often keep the header field. So a body that is a text is taken as it is.
    """
    coding = headers.content_coding if headers and body else ""
    return decompress(body, coding) if body and coding and _is_binary(body) else body


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
