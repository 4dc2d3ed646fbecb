"""One test a check and a documented fact, all of one run. Each names the findings that fail it; they are told below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.report.terminal import describe_gap, describe_leniency, describe_references
from spec.output import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.contract.facts import Fact
    from contract_tests.result.result import Finding, Result


@pytest.fixture(autouse=True)
def _testable(result: Result) -> None:
    if result.verdict == "untestable":
        pytest.skip("untestable")


def test_check(result: Result, check: str) -> None:
    _fail_for([finding for finding in result.findings if check in finding.checks])
    if not any(tally.passed for tally in result.checks if tally.name == check):
        pytest.skip("not tried")


def test_required_field(result: Result, required_fact: Fact) -> None:
    _hold(result, required_fact)


def test_enumeration(result: Result, enum_fact: Fact) -> None:
    _hold(result, enum_fact)


def test_no_other_finding(result: Result) -> None:
    names = {tally.name for tally in result.checks}
    others = [finding for finding in result.findings if names.isdisjoint(finding.checks)]
    _fail_for(others)


def _hold(result: Result, fact: Fact) -> None:
    tally = next(tally for tally in result.facts if (tally.pointer, tally.name) == (fact.pointer, fact.label))
    breaking = [finding for finding in result.findings if finding.number in tally.findings]
    _fail_for([] if tally.is_warning else breaking)
    if breaking:
        pytest.skip(printable(f"{describe_leniency(breaking[0])}: {describe_references(breaking)}"))
    if not tally.kept:
        pytest.skip(printable(describe_gap(tally)))


def _fail_for(findings: Sequence[Finding]) -> None:
    violating = [finding for finding in findings if finding.violates]
    if violating:
        pytest.fail(printable(describe_references(violating)), pytrace=False)
