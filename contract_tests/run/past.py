"""Earlier runs: what is left of them is read before a run, and the run's result told beside them after it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from contract_tests.result.accept import acceptances, tell_use
from contract_tests.result.baseline_file import read_baseline
from contract_tests.result.compare import compare
from contract_tests.result.earlier import read_earlier_report
from contract_tests.result.history_file import append_line, make_line, read_history, tell_history

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from contract_tests.result.baseline import Acceptance, Baseline
    from contract_tests.result.earlier import EarlierReport
    from contract_tests.result.history import HistoryLine
    from contract_tests.result.result import Result
    from contract_tests.target.options import Options


class Past(Struct, frozen=True):
    """Files of earlier runs, as far as the options name them, and the day on which this run began, in UTC."""

    today: date
    earlier: EarlierReport | None = None
    baseline: Baseline | None = None
    history: tuple[HistoryLine, ...] = ()

    @property
    def accepted(self) -> Mapping[str, Acceptance]:
        """The causes that violate nothing today, by their keys."""
        return acceptances(self.baseline, self.today) if self.baseline else {}


def read_past(options: Options) -> Past:
    """Reads the files of earlier runs, before this run's reports take their place. Raises FileError."""
    return Past(
        today=datetime.now(UTC).date(),
        earlier=read_earlier_report(options.against, "--against") if options.against else None,
        baseline=read_baseline(options.baseline) if options.baseline else None,
        history=tuple(read_history(options.history)) if options.history else (),
    )


def tell_past(result: Result, past: Past, options: Options) -> Result:
    """The result beside the earlier runs."""
    return structs.replace(
        result,
        comparison=compare(result, past.earlier) if past.earlier else None,
        baseline=tell_use(result, past.baseline, str(options.baseline), past.today) if past.baseline else None,
        history=tell_history(result, str(options.history), past.history) if options.history else None,
    )


def keep_history(result: Result, options: Options) -> None:
    """Adds the run to its history, if that is asked for. Raises OSError."""
    if options.history:
        append_line(options.history, make_line(result))
