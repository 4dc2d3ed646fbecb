"""Exchanges that break nothing: all that counts of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from contract_tests.judge.alike import Alike
    from contract_tests.judge.quick_bodies import QuickBody


class Passed(Struct, frozen=True):
    """An exchange that breaks nothing."""

    alike: Alike
    sent: QuickBody
    """The request's body."""
