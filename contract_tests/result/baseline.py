"""The causes that a team has accepted for a time, as data: the file that holds them, and how a run used it.

The file is described by contract_tests/result/baseline.schema.json; a test holds it to these classes.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from contract_tests.result.part import Part


class Acceptance(Part, frozen=True, kw_only=True):
    """Why a finding violates nothing for now."""

    reason: Annotated[str, Meta(min_length=1)]
    until: date
    """The last day on which it is accepted, in UTC."""


class AcceptedCause(Acceptance, frozen=True, kw_only=True):
    """An entry of the baseline: a cause, why it is accepted, and until when."""

    key: str
    """The key of the finding."""
    check: str
    """The check that found it."""
    pointer: str
    """JSON Pointer of the statement of the spec that is broken."""
    headline: str
    """The headline when it was accepted, for people; nothing is compared with it."""
    shown_by: tuple[str, ...]
    """The choices that it was due to, or else what the requests that showed it were sent for, in words."""


class Baseline(Part, frozen=True, kw_only=True):
    """A file of accepted causes."""

    accepted: tuple[AcceptedCause, ...] = ()


class BaselineUse(Part, frozen=True, kw_only=True):
    """How a run used a baseline. The findings that it accepts say so themselves."""

    path: str
    """The file."""
    expired: tuple[AcceptedCause, ...]
    """Entries that are over, and whose cause is still there."""
    unused: tuple[AcceptedCause, ...]
    """Entries whose cause this run looked for, and did not find."""
    unseen: tuple[AcceptedCause, ...]
    """Entries whose cause this run did not look for. Nothing is claimed of them."""

    @property
    def is_up_to_date(self) -> bool:
        """True if no entry must be changed."""
        return not (self.expired or self.unused)
