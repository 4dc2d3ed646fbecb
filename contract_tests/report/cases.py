"""The questions of a run, each with its outcome: one a check, a documented fact, and what stands beside both.

pytest's tests and the JUnit file are both made of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

from contract_tests.report.left_out import name_operations
from contract_tests.report.over_time import describe_baseline
from contract_tests.report.terminal import describe_gap, describe_leniency, describe_references
from contract_tests.result.coverage import statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contract_tests.result.result import CheckTally, FactTally, Finding, Result

_NO_OCCASION: Final = "not tried: nothing that was sent or came back gave occasion for it"
Outcome = Literal["passed", "failed", "untestable", "skipped"]


class Case(Struct, frozen=True):
    """A question with its outcome."""

    group: Literal["check", "required", "enum", "run"]
    name: str
    outcome: Outcome
    why: str = ""
    """Why it is not passed, in a line."""
    findings: tuple[Finding, ...] = ()
    """The findings that fail it, or would without leniency."""


def make_cases(result: Result) -> Iterator[Case]:
    """All questions of a run: checks, facts, findings of other tools, the baseline, and whether all was tried."""
    yield from (case_of_check(result, tally) for tally in result.checks)
    reasons = _find_reasons(result)
    yield from (_case_of_fact(result, tally, reasons) for tally in result.facts)
    yield case_of_others(result)
    if result.baseline:
        yield _case_of_baseline(result)
    yield _case_of_completeness(result)


def case_of_check(result: Result, tally: CheckTally) -> Case:
    """A check, which is passed if it found nothing that violates."""
    findings = [finding for finding in result.findings if tally.name in finding.checks]
    return _settle(result, Case("check", tally.name, "passed"), findings, "" if tally.passed else _NO_OCCASION)


def case_of_fact(result: Result, tally: FactTally) -> Case:
    """A required field or an enumeration, which is passed if it was kept."""
    return _case_of_fact(result, tally, _find_reasons(result))


def _case_of_fact(result: Result, tally: FactTally, reasons: Mapping[str, str]) -> Case:
    findings = [finding for finding in result.findings if finding.number in tally.findings]
    gap = "" if tally.kept else _gap_of(tally, reasons)
    case = Case(tally.kind, tally.name, "passed")
    return _settle(result, case, findings, gap, is_warning=tally.is_warning)


def _find_reasons(result: Result) -> Mapping[str, str]:
    """Why statements were neither kept nor broken, by their pointers, as the first place of each tells."""
    found: dict[str, str] = {}
    for each in statements_of(result.contract):
        if each.gap:
            found.setdefault(each.pointer, each.gap)
    return found


def _gap_of(tally: FactTally, reasons: Mapping[str, str]) -> str:
    """Why a fact was neither kept nor broken, as the statement that it is tells."""
    reason = None if tally.not_judged else reasons.get(tally.pointer)
    return f"{describe_gap(tally)}: {reason}" if reason else describe_gap(tally)


def case_of_others(result: Result) -> Case:
    """The findings of no check, of which there must be none: what another tool found alone, and additive drift."""
    names = {tally.name for tally in result.checks}
    findings = [finding for finding in result.findings if names.isdisjoint(finding.checks)]
    return _settle(result, Case("run", "no other finding", "passed"), findings)


def _settle(
    result: Result, case: Case, findings: Sequence[Finding], gap: str = "", *, is_warning: bool = False
) -> Case:
    """The case with its outcome. `gap` is why nothing could be claimed, if nothing speaks against it."""
    violating = tuple(finding for finding in findings if finding.violates and not is_warning)
    if violating:
        return _with(case, "failed", describe_references(violating), violating)
    if result.verdict == "untestable":
        return _with(case, "untestable", result.reason or "untestable")
    if findings:
        leniency = describe_leniency(findings[0]) or "warning"
        return _with(case, "skipped", f"{leniency}: {describe_references(findings)}", tuple(findings))
    return _with(case, "skipped", gap) if gap else case


def _with(case: Case, outcome: Outcome, why: str, findings: tuple[Finding, ...] = ()) -> Case:
    return Case(case.group, case.name, outcome, why, findings)


def _case_of_baseline(result: Result) -> Case:
    """The baseline, which is passed if no entry must be changed."""
    lines = list(describe_baseline(result.baseline)) if result.baseline else []
    return Case("run", "the baseline is up to date", "failed" if lines else "passed", "\n".join(lines))


def _case_of_completeness(result: Result) -> Case:
    """The limits, which are passed if they cut nothing off."""
    case = Case("run", "everything was tried", "passed")
    if result.verdict == "untestable":
        return _with(case, "untestable", result.reason or "untestable")
    gaps = [*filter(None, [result.reason]), *map(str, name_operations(result, result.untried))]
    return _with(case, "skipped", f"{gaps[0]}, and {len(gaps) - 1} more" if gaps[1:] else gaps[0]) if gaps else case
