"""Statements of another tool against exchanges."""

from __future__ import annotations

from msgspec import Struct


class Testimony(Struct, frozen=True):
    """One statement of another tool against an exchange, in the tool's own words."""

    exchange_id: str
    check: str
    """The tool's name of the check that failed."""
    headline: str
    detail: str
