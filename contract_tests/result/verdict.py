"""The verdict of a result, from what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.result.result import Finding
    from contract_tests.result.terms import Verdict


def find_verdict(findings: Iterable[Finding], *, obstacle: str | None, has_gaps: bool) -> Verdict:
    """The verdict: the first that holds."""
    if any(finding.violates for finding in findings):
        return "violates"
    if obstacle:
        return "untestable"
    return "incomplete" if has_gaps else "conforms"
