"""A run beside an earlier one, as data: its causes that are new or unchanged, and the earlier ones that are gone."""

from __future__ import annotations

from contract_tests.result.part import Part, Positive, Standing
from contract_tests.result.terms import Gravity, Verdict


class EarlierRun(Part, frozen=True, kw_only=True):
    """The run that this one is compared with."""

    date: str = ""
    """When it began, in UTC, as `2026-01-31 09:30`; empty if unknown."""
    verdict: Verdict
    target: str
    spec_version: str
    spec_sha256: str
    seed: int
    requests: int
    calls: int


class EarlierCause(Part, frozen=True, kw_only=True):
    """A cause that the earlier run found, and this one did not."""

    number: Positive
    """Its place among the findings of the earlier run."""
    key: str
    """That of the finding."""
    gravity: Gravity
    check: str
    headline: str
    pointer: str
    location: str
    standing: Standing
    is_warning: bool
    shown_by: tuple[str, ...]
    """The choices that it was due to, or else what the requests that showed it were sent for, in words."""


class Comparison(Part, frozen=True, kw_only=True):
    """The causes of two runs, told apart by their keys: by what is broken, not by wording."""

    earlier: EarlierRun
    is_same_spec: bool
    """True if both runs judged by the same spec."""
    new: tuple[int, ...]
    """The numbers of the findings that the earlier run does not have."""
    unchanged: tuple[int, ...]
    """The numbers of the findings that both runs have."""
    gone: tuple[EarlierCause, ...]
    """Causes that this run looked for, and did not find."""
    unseen: tuple[EarlierCause, ...]
    """Causes that this run did not look for, because a limit or an obstacle kept it from that. Nothing is claimed of
    them.
    """
