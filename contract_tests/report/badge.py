"""A result as a badge: the JSON of a shields.io endpoint (https://shields.io/badges/endpoint-badge)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from contract_tests.result.words import counted
from spec.output import one_line

if TYPE_CHECKING:
    from contract_tests.result.result import Result
    from contract_tests.result.terms import Verdict

_COLORS: Final[dict[Verdict, str]] = {
    "conforms": "brightgreen",
    "violates": "red",
    "incomplete": "yellow",
    "untestable": "lightgrey",
}


def make_badge(result: Result) -> str:
    """The badge of a run: the verdict and how many causes violate, or are accepted."""
    badge = {
        "schemaVersion": 1,
        "label": "contract",
        "message": one_line(_message(result)),
        "color": _COLORS[result.verdict],
    }
    return json.dumps(badge, indent=2)


def _message(result: Result) -> str:
    violating = sum(finding.violates for finding in result.findings)
    accepted = sum(finding.accepted is not None for finding in result.findings)
    causes = f": {counted(violating, 'cause')}" if violating else ""
    return f"{result.verdict}{causes}{f', {accepted} accepted' if accepted else ''}"
