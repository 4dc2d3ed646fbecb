"""Texts that are JSON, and that a reader may refuse or read in ways of its own."""

from __future__ import annotations

from typing import Final

ODD_TEXTS: Final = (
    b"[" * 101 + b"]" * 101,
    b"[" * 5_000 + b"]" * 5_000,
    b"1e999",
    b"9" * 400,
    b"9" * 5_000,
    b'"\\ud800"',
    b'{"\\udfff": 1}',
    b'{"a":1,"a":1}',
)
