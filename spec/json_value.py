"""The type of JSON values."""

from __future__ import annotations

from typing import Any

Json = Any
"""A JSON value: text, number, boolean, null, array (`list`) or object (`dict`). No type says so well enough to help."""
