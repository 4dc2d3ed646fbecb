"""Runs against one target over time, as data. The file of a history has a `HistoryLine` a line, the oldest first."""

from __future__ import annotations

from contract_tests.result.part import Part, Positive
from contract_tests.result.terms import Verdict


class HistoryRun(Part, frozen=True, kw_only=True):
    """A run in figures."""

    date: str
    """When it began, in UTC, as `2026-01-31 09:30`."""
    target: str
    verdict: Verdict
    spec_version: str
    findings: int
    """How many causes violate the contract."""
    accepted: int
    """How many causes the baseline accepts."""
    warnings: int
    requests: int
    calls: int
    seconds: float
    seed: int


class HistoryLine(HistoryRun, frozen=True, kw_only=True):
    """A line of the file: a run with the keys of all its findings."""

    causes: tuple[str, ...]


class Since(Part, frozen=True, kw_only=True):
    """How long a finding has been there without a break."""

    finding: Positive
    """Its number."""
    runs: Positive
    """In how many runs in a row, this one included."""
    date: str
    """The date of the first of them."""


class History(Part, frozen=True, kw_only=True):
    """The runs against a target until now, and how long each finding has been there."""

    path: str
    """The file."""
    runs: tuple[HistoryRun, ...]
    """The last runs, the oldest first; this one is the last."""
    since: tuple[Since, ...]
