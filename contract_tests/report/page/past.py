"""A run beside earlier ones on the page: the changes since one of them, and a bar for each run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from contract_tests.report.over_time import describe_comparison, describe_since, is_new
from contract_tests.report.page.allowance import cut
from contract_tests.result.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contract_tests.result.comparison import Comparison, EarlierCause
    from contract_tests.result.history import History, HistoryRun
    from contract_tests.result.result import Finding, Result
    from contract_tests.result.terms import Verdict

_NAMED: Final = 40
"""How many new findings are named."""
_HEADLINE: Final = 160
_PLACES: Final = 20
"""The fewest places for bars: those of a short history are no wider."""
_BAR: Final = 0.8
"""How much of its place a bar takes."""
_STUB: Final = 4.0
"""The height of a bar without causes, so that its verdict is seen."""


class Changes(Struct, frozen=True):
    """The causes that are new and gone since an earlier run."""

    words: str
    """How many are new, unchanged and gone, in a sentence."""
    hint: str
    """The note that the two runs judged by different specs; empty if they did not."""
    new: tuple[tuple[int, str], ...]
    """The first ones, by number and headline."""
    more_new: int
    gone: tuple[str, ...]
    unseen: tuple[str, ...]


class Bar(Struct, frozen=True):
    """A run: its bar, in percent of the drawing, and its figures in words."""

    verdict: Verdict
    x: float
    width: float
    height: float
    """That of the causes that violate."""
    accepted: float
    """That of the accepted causes, which stand on top."""
    words: str


class Trend(Struct, frozen=True):
    """The runs over time."""

    bars: tuple[Bar, ...]
    words: str
    """The bars in a sentence."""
    verdicts: Mapping[Verdict, int]
    """How many runs had each verdict."""
    runs: tuple[HistoryRun, ...]
    """The runs, the latest first."""


def say_age(result: Result, finding: Finding) -> str:
    """How long a finding has been there, as far as that is known: `new`, `since 2026-01-31`, or `unchanged`."""
    since = describe_since(result, finding)
    if since:
        return since if is_new(result, finding) else f"since {since}"
    return "unchanged" if result.comparison and finding.number in result.comparison.unchanged else ""


def show_changes(result: Result) -> Changes | None:
    """The changes since the run that a result is compared with; None if it is compared with none."""
    if result.comparison is None:
        return None
    new = [(each.number, cut(each.headline, _HEADLINE)) for each in result.findings if is_new(result, each)]
    return Changes(
        words=_sentence(describe_comparison(result.comparison)),
        hint=_hint(result.comparison),
        new=tuple(new[:_NAMED]),
        more_new=len(new[_NAMED:]),
        gone=_headlines(result.comparison.gone),
        unseen=_headlines(result.comparison.unseen),
    )


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _hint(comparison: Comparison) -> str:
    if comparison.is_same_spec:
        return ""
    return "The two runs judged by different specs. So a cause may be new or gone though the server did not change."


def _headlines(causes: Iterable[EarlierCause]) -> tuple[str, ...]:
    return tuple(cut(cause.headline, _HEADLINE) for cause in causes)


def show_trend(history: History | None) -> Trend | None:
    """The runs over time, as bars; None if nobody keeps them."""
    if history is None or not history.runs:
        return None
    runs = history.runs
    most = max(run.findings + run.accepted for run in runs)
    return Trend(
        bars=tuple(_bar(run, place, len(runs), most) for place, run in enumerate(runs)),
        words=_describe_trend(runs, most),
        verdicts=Counter(run.verdict for run in runs),
        runs=runs[::-1],
    )


def _bar(run: HistoryRun, place: int, runs: int, most: int) -> Bar:
    wide = 100 / max(runs, _PLACES)
    height, accepted = (round((100 - _STUB) * number / max(1, most), 2) for number in (run.findings, run.accepted))
    return Bar(run.verdict, round(place * wide, 3), round(wide * _BAR, 3), _STUB + height, accepted, _describe_run(run))


def _describe_run(run: HistoryRun) -> str:
    accepted = f" and {run.accepted} accepted" if run.accepted else ""
    return f"{run.date}: {run.verdict}, {counted(run.findings, 'cause')}{accepted}"


def _describe_trend(runs: Sequence[HistoryRun], most: int) -> str:
    """The span of the runs, and the height of the highest bar."""
    of = counted(len(runs), "run")
    span = f"{of}, {_day(runs[0])}" if len(runs) == 1 else f"{of} from {_day(runs[0])} to {_day(runs[-1])}"
    return f"{span}; the highest bar is {counted(most, 'cause')}."


def _day(run: HistoryRun) -> str:
    return run.date.partition(" ")[0]
