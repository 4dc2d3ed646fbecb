"""Runs against one target over time, as data. The file of a history has a `HistoryLine` a line, the oldest first."""

from __future__ import annotations

from pydantic import Field

from contract_tests.result.part import Part
from contract_tests.result.terms import Verdict


class HistoryRun(Part):
    """A run in figures."""

    date: str = Field(description="When it began, in UTC, as `2026-01-31 09:30`.")
    target: str
    verdict: Verdict
    spec_version: str
    findings: int = Field(description="How many causes violate the contract.")
    accepted: int = Field(description="How many causes the baseline accepts.")
    warnings: int
    requests: int
    calls: int
    seconds: float
    seed: int


class HistoryLine(HistoryRun):
    """A line of the file: a run with the keys of all its findings."""

    causes: tuple[str, ...]


class Since(Part):
    """How long a finding has been there without a break."""

    finding: int = Field(ge=1, description="Its number.")
    runs: int = Field(ge=1, description="In how many runs in a row, this one included.")
    date: str = Field(description="The date of the first of them.")


class History(Part):
    """The runs against a target until now, and how long each finding has been there."""

    path: str = Field(description="The file.")
    runs: tuple[HistoryRun, ...] = Field(description="The last runs, the oldest first; this one is the last.")
    since: tuple[Since, ...]
