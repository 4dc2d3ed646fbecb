"""One test a check and a documented fact, all of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.report.terminal import describe_breaches, describe_findings
from spec.output import printable

if TYPE_CHECKING:
    from contract_tests.contract.facts import Fact
    from contract_tests.result.result import Result


@pytest.fixture(autouse=True)
def _testable(result: Result) -> None:
    if result.verdict == "untestable":
        pytest.skip("untestable")


def test_check(result: Result, check: str) -> None:
    found = [finding for finding in result.findings if finding.check == check and not finding.is_warning]
    if found:
        pytest.fail(printable(describe_findings(found)), pytrace=False)
    if not any(tally.passed for tally in result.checks if tally.name == check):
        pytest.skip("not tried")


def test_required_field(result: Result, required_fact: Fact) -> None:
    _hold(result, required_fact)


def test_enumeration(result: Result, enum_fact: Fact) -> None:
    _hold(result, enum_fact)


def test_no_other_finding(result: Result) -> None:
    names = {tally.name for tally in result.checks}
    found = [finding for finding in result.findings if finding.check not in names and not finding.is_warning]
    if found:
        pytest.fail(printable(describe_findings(found)), pytrace=False)


def _hold(result: Result, fact: Fact) -> None:
    tally = next(tally for tally in result.facts if (tally.pointer, tally.name) == (fact.pointer, fact.label))
    if tally.breaches and tally.is_warning:
        pytest.skip(printable(f"warning: {describe_breaches(tally)}"))
    if tally.breaches:
        pytest.fail(printable(describe_breaches(tally)), pytrace=False)
    if not tally.kept:
        pytest.skip("not tried")
