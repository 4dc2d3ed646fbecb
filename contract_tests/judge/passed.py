"""Exchanges that break nothing: all that counts of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from contract_tests.judge.alike import Alike
    from contract_tests.judge.quick_bodies import QuickBody


class Passed(NamedTuple):
    """An exchange that breaks nothing."""

    alike: Alike
    sent: QuickBody
    """The request's body."""
