"""Bodies are read as servers sent them, or not at all: still compressed, still in chunks, or cut short."""

from __future__ import annotations

import base64
import gzip
import zlib
from functools import partial

import pytest

from contract_tests.exchange.headers import Headers
from contract_tests.traffic.codings import MAX_BODY, bytes_of_text, decode_base64, undo_coding, zstd

compress = partial(gzip.compress, mtime=0)
"""As gzip does, without the time: it would make other names of tests in each process."""
TEXT = '{"a": "ü"}'
BYTES = TEXT.encode()
BARE = zlib.compressobj(wbits=-15)
DEFLATED = BARE.compress(BYTES) + BARE.flush()
CHUNKS = b"5\r\n" + BYTES[:5] + b"\r\n6;x=1\r\n" + BYTES[5:] + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("coding", "body", "decoded"),
    [
        ("gzip", compress(BYTES), BYTES),
        ("x-gzip", compress(BYTES), BYTES),
        ("gzip", compress(BYTES[:4]) + compress(BYTES[4:]), BYTES),
        ("gzip", compress(BYTES).decode("latin-1").encode(), BYTES),
        ("gzip, gzip", compress(compress(BYTES)), BYTES),
        ("deflate", zlib.compress(BYTES), BYTES),
        ("deflate", DEFLATED, BYTES),
        ("zstd", zstd.compress(BYTES), BYTES),
        ("gzip", BYTES, BYTES),
        ("br", BYTES, BYTES),
        ("gzip", compress(BYTES)[:-9], None),
        ("gzip", compress(bytes(MAX_BODY + 1)), None),
        ("gzip", compress(BYTES).decode("utf-8", "replace").encode(), None),
        ("br", b"\x0b\x02\x80" + BYTES, None),
        ("br", b"\x0b\x02" + BYTES[:5], None),
        ("br, gzip", compress(b"\x0b\x02\x80" + BYTES), None),
    ],
)
def test_a_coding_is_undone_where_it_is_known_and_whole(coding: str, body: bytes, decoded: bytes | None) -> None:
    assert undo_coding(body, Headers([("Content-Encoding", coding)])) == decoded


@pytest.mark.parametrize(
    ("body", "whole"),
    [(CHUNKS, BYTES), (BYTES, BYTES), (CHUNKS[:9], None), (CHUNKS[:-5], None), (b"5", b"5"), (b"", b"")],
)
def test_the_sizes_of_chunks_are_no_part_of_a_body(body: bytes, whole: bytes | None) -> None:
    assert undo_coding(body, Headers([("Transfer-Encoding", "chunked")])) == whole
    assert undo_coding(body, Headers()) == body


@pytest.mark.parametrize(
    ("length", "body", "whole"),
    [(900, BYTES, None), (900, b"", None), (4, BYTES, BYTES), (len(BYTES), BYTES, BYTES), (900, None, None)],
)
def test_a_body_that_is_shorter_than_its_length_is_none(length: int, body: bytes | None, whole: bytes | None) -> None:
    assert undo_coding(body, Headers([("Content-Length", str(length))])) == whole


def test_a_length_beside_chunks_says_nothing() -> None:
    assert undo_coding(b"hello", Headers([("Content-Length", "30"), ("Transfer-Encoding", "chunked")])) == b"hello"


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (TEXT, BYTES),
        ("{\ufffd}", None),
        (base64.b64encode(b'{"some": "object"}').decode(), None),
        (base64.b64encode(b"[1, 2, 3, 4, 5]").decode(), None),
        (base64.b64encode(compress(BYTES)).decode(), None),
        ("eyJhbGciOi.eyJzdWIiOi.signed", b"eyJhbGciOi.eyJzdWIiOi.signed"),
        ("everything", b"everything"),
        ("1234", b"1234"),
    ],
)
def test_a_text_tells_its_bytes_unless_some_were_replaced_or_it_is_base64(text: str, content: bytes | None) -> None:
    assert bytes_of_text(text) == content


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("/+8=", b"\xff\xef"),
        ("_-8", b"\xff\xef"),
        ("/+\r\n8=\r\n", b"\xff\xef"),
        ("", b""),
        ("?", None),
        ("ü===", None),
        ("abcde", None),
    ],
)
def test_base64_is_read_as_tools_write_it(text: str, content: bytes | None) -> None:
    assert decode_base64(text) == content
