"""A result as JUnit XML, as GitHub, GitLab and Jenkins read it: a case a check and a documented fact.

What violates is a `failure`. Where the target could not be tested, each case is an `error`. What was not tried, what is
a warning and what the baseline accepts is `skipped`, with the reason.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from contract_tests.report.cases import make_cases
from contract_tests.report.terminal import describe_end, describe_findings
from spec.output import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.report.cases import Case, Outcome
    from contract_tests.result.result import Result

_ELEMENTS: Final[dict[Outcome, str]] = {"failed": "failure", "untestable": "error", "skipped": "skipped"}
"""The elements for cases that are not passed. Elements without one of these are passed."""


def make_junit(result: Result) -> str:
    """The result as the text of an XML document."""
    cases = list(make_cases(result))
    totals = _totals(result, cases)
    root = ET.Element("testsuites", {"name": "contract", **totals})
    suite = ET.SubElement(root, "testsuite", {"name": one_line(f"contract: {result.target}"), **totals})
    suite.set("skipped", str(_count(cases, "skipped")))
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(result).items():
        ET.SubElement(properties, "property", {"name": name, "value": one_line(value)})
    suite.extend(map(_as_element, cases))
    ET.SubElement(suite, "system-out").text = printable(describe_end(result))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _totals(result: Result, cases: Sequence[Case]) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(_count(cases, "failed")),
        "errors": str(_count(cases, "untestable")),
        "time": f"{result.seconds:.3f}",
    }


def _count(cases: Sequence[Case], outcome: Outcome) -> int:
    return Counter(case.outcome for case in cases)[outcome]


def _properties(result: Result) -> dict[str, str]:
    return {
        "verdict": result.verdict,
        "spec version": result.spec_version,
        "seed": str(result.seed),
        "requests": str(result.requests),
        "calls": str(result.calls),
    }


def _as_element(case: Case) -> ET.Element:
    element = ET.Element("testcase", {"classname": f"contract.{case.group}", "name": one_line(case.name), "time": "0"})
    if case.outcome in _ELEMENTS:
        outcome = ET.SubElement(element, _ELEMENTS[case.outcome], {"message": one_line(case.why)})
        outcome.text = printable(describe_findings(case.findings) or case.why)
        if case.findings:
            outcome.set("type", case.findings[0].gravity)
    return element
