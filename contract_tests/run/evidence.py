"""The evidence of a run, before it is made a result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contract_tests.exchange.exchange import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.engine.report import EngineLimit
    from contract_tests.exchange.exchange import Record
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.occurrence import NarrowedChoice
    from contract_tests.judge.tallies import Tallies
    from contract_tests.plan.schedule import Schedule


@dataclass(frozen=True)
class Evidence:
    """The record of a run, judged, and what kept the run from being whole."""

    record: Record = NOTHING
    judged: tuple[Judged, ...] = field(default=(), repr=False)  # tracebacks show the record, and that is long enough
    obstacle: str | None = None
    """Why not everything was tried, in words for the user."""
    purposes: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The purpose of each request, in words, by the exchange's id."""
    choices: Mapping[str, tuple[NarrowedChoice, ...]] = field(default_factory=dict, repr=False)
    """The choices that an exchange's failures are due to, by its id."""
    phases: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The phase of Schemathesis that each of its requests is of, by the exchange's id."""
    ended: tuple[str, ...] = ()
    """The labels of the operations whose tests Schemathesis ended because no call was left."""
    began: float | None = None
    """When the run began, on this machine's monotonic clock; None where times are not known."""
    schedule: Schedule | None = field(default=None, repr=False)
    """The requests that were to be sent; None for a recording."""
    limits_of_engine: tuple[EngineLimit, ...] = ()
    """The requests that Schemathesis could not make."""
    tallies: Tallies | None = None
    """The counts, where they are known by now. Of a recording, `judged` has only some exchanges of each kind."""
