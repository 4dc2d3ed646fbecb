"""The type of JSON values, and the integers that all readers of JSON agree on."""

from __future__ import annotations

from typing import Any, Final

Json = Any
"""A JSON value: string, number, boolean, null, array (`list`) or object (`dict`). A precise type would need casts."""
MAX_INTEGER: Final = 2**53 - 1
"""The largest integer that all readers of JSON agree on (RFC 8259, section 6)."""
