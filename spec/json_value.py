"""The type of JSON values."""

from __future__ import annotations

from typing import Any

Json = Any
"""A JSON value: string, number, boolean, null, array (`list`) or object (`dict`). A precise type would need casts."""
