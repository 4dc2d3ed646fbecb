"""A run beside earlier ones on the page: new and gone causes, and a bar for each run."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from contract_tests.report.page.past import say_age, show_changes, show_trend
from contract_tests.result.history import History, HistoryRun
from tests.support.report_results import named

if TYPE_CHECKING:
    from contract_tests.report.page.past import Bar, Trend
    from contract_tests.result.terms import Verdict

RUN = HistoryRun(
    date="2026-01-31 09:30",
    target="staging",
    verdict="violates",
    spec_version="1.0.0",
    findings=3,
    accepted=1,
    warnings=0,
    requests=9,
    calls=4,
    seconds=2.5,
    seed=1,
)


def trend(*runs: HistoryRun) -> Trend:
    found = show_trend(History(path="history.jsonl", runs=runs, since=()))
    assert found
    return found


def run(verdict: Verdict = "violates", findings: int = 0, accepted: int = 0) -> HistoryRun:
    return structs.replace(RUN, verdict=verdict, findings=findings, accepted=accepted)


def end(bar: Bar) -> float:
    return bar.x + bar.width


def test_a_cause_is_new_or_has_been_there_since_a_day() -> None:
    result = named("compared")
    assert [say_age(result, finding) for finding in result.findings] == ["new", "since 2026-01-30"]


def test_without_a_history_a_cause_that_is_not_new_is_unchanged() -> None:
    result = structs.replace(named("compared"), history=None)
    assert [say_age(result, finding) for finding in result.findings] == ["new", "unchanged"]


def test_without_a_past_nothing_is_said_of_the_age_of_a_cause() -> None:
    result = named("violates")
    assert {say_age(result, finding) for finding in result.findings} == {""}
    assert show_changes(result) is None
    assert show_trend(result.history) is None


def test_new_causes_can_be_followed_and_gone_ones_have_their_headline() -> None:
    result = named("compared")
    changes = show_changes(result)
    assert changes
    assert result.comparison
    assert changes.words.startswith("Beside the run of 2026-01-30 09:30 on ")
    assert changes.words.endswith("1 new, 1 unchanged, 1 gone.")
    assert changes.new == ((result.findings[0].number, result.findings[0].headline),)
    assert changes.gone == (result.comparison.gone[0].headline,)


@pytest.mark.parametrize("is_same", [True, False])
def test_a_hint_says_that_the_specs_differ(is_same: bool) -> None:  # noqa: FBT001 - of pytest
    result = named("compared")
    assert result.comparison
    comparison = structs.replace(result.comparison, is_same_spec=is_same)
    changes = show_changes(structs.replace(result, comparison=comparison))
    assert changes
    assert bool(changes.hint) is not is_same


def test_bars_are_as_high_as_there_are_causes_and_the_highest_fills_the_drawing() -> None:
    none, some, most = trend(run("conforms"), run(findings=2), run(findings=3, accepted=1)).bars
    assert 0 < none.height < some.height < most.height
    assert most.height + most.accepted == 100
    assert (none.accepted, some.accepted) == (0, 0)


@pytest.mark.parametrize("number", [1, 2, 19, 20, 21, 200])
def test_bars_stand_side_by_side_within_the_drawing(number: int) -> None:
    bars = trend(*[run(findings=1)] * number).bars
    assert all(end(one) < two.x for one, two in pairwise(bars))
    assert end(bars[-1]) <= 100
    assert max(bar.width for bar in bars) < 5


def test_runs_without_any_cause_have_bars_too() -> None:
    assert [bar.verdict for bar in trend(run("conforms"), run("untestable")).bars] == ["conforms", "untestable"]
    assert all(bar.height for bar in trend(run("conforms")).bars)


def test_the_bars_are_told_in_words() -> None:
    found = trend(run("conforms", accepted=2), RUN)
    assert found.words == "2 runs from 2026-01-31 to 2026-01-31; the highest bar is 4 causes."
    assert [bar.words for bar in found.bars] == [
        "2026-01-31 09:30: conforms, 0 causes and 2 accepted",
        "2026-01-31 09:30: violates, 3 causes and 1 accepted",
    ]
    assert found.verdicts == {"conforms": 1, "violates": 1}
    assert found.runs[0] == RUN
