"""One test a check and a documented fact, all of one run. Each names the findings that fail it; they are told below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.report.cases import case_of_check, case_of_fact, case_of_others
from spec.output import printable

if TYPE_CHECKING:
    from contract_tests.contract.facts import Fact
    from contract_tests.report.cases import Case
    from contract_tests.result.result import Result


def test_check(result: Result, check: str) -> None:
    _hold(case_of_check(result, next(tally for tally in result.checks if tally.name == check)))


def test_required_field(result: Result, required_fact: Fact) -> None:
    _hold_fact(result, required_fact)


def test_enumeration(result: Result, enum_fact: Fact) -> None:
    _hold_fact(result, enum_fact)


def test_no_other_finding(result: Result) -> None:
    _hold(case_of_others(result))


def _hold_fact(result: Result, fact: Fact) -> None:
    tallies = result.facts
    _hold(
        case_of_fact(result, next(each for each in tallies if (each.pointer, each.name) == (fact.pointer, fact.label)))
    )


def _hold(case: Case) -> None:
    if case.outcome == "failed":
        pytest.fail(printable(case.why), pytrace=False)
    if case.outcome == "untestable":
        pytest.skip("untestable")
    if case.outcome == "skipped":
        pytest.skip(printable(case.why))
