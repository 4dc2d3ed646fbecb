"""A result as a short summary in Markdown, for a pull request or the page of a CI run. It has fewer than 60 lines.

It opens with the verdict, and then with what is new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.report.over_time import describe_baseline, describe_comparison, describe_since, has_past, is_new
from contract_tests.report.terminal import (
    describe_claim,
    describe_gaps,
    describe_leniency,
    describe_numbers,
    describe_times,
    describe_total,
)
from contract_tests.result.words import counted
from spec.output import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contract_tests.result.comparison import EarlierCause
    from contract_tests.result.result import Finding, Result

_MARKS: Final = {"conforms": "✅", "violates": "❌", "incomplete": "🟡", "untestable": "⚪"}
_CAUSES: Final = 10
"""How many findings are in the table."""
_NAMED: Final = 5
"""How many entries any other list has."""
_LONGEST: Final = 300
"""How much of a text is shown, in characters."""


def make_summary(result: Result) -> str:
    """The summary. Texts of others stand in code spans, in which nothing works."""
    title = f"## {_MARKS[result.verdict]} Contract: {describe_claim(result)}"
    parts = [[title, "", *_cost(result)], _over_time(result), _causes(result), _not_tried(result)]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _cost(result: Result) -> Iterator[str]:
    """The target, what the run cost, and why the target could not be tested."""
    figures = f"{describe_numbers(result)}, {describe_total(result.findings)}, {result.seconds:.1f} s"
    yield f"{_span(result.target)}, spec {_span(result.spec_version)}: {figures}, seed {result.seed}."
    if result.reason:
        yield f"\n**{result.verdict}**: {_span(result.reason)}"


def _over_time(result: Result) -> list[str]:
    """The changes since an earlier run, and the entries of the baseline that must be changed."""
    lines: list[str] = []
    if comparison := result.comparison:
        is_known = comparison.earlier.verdict != "untestable"
        new = len(comparison.new) or ("nothing" if is_known else "unknown")
        lines = [f"### New: {new}", "", f"{_span(describe_comparison(comparison))}.", ""]
        lines += _some(_new(finding) for finding in result.findings if is_new(result, finding))
        lines += _some(map(_gone, comparison.gone))
    if result.baseline and not result.baseline.is_up_to_date:
        lines += [*([""] if lines else []), "**The baseline is out of date.**", ""]
        lines += _some(f"- {_span(line)}" for line in describe_baseline(result.baseline))
    return lines


def _new(finding: Finding) -> str:
    return f"- **{finding.number}** {_span(finding.headline)}"


def _gone(cause: EarlierCause) -> str:
    return f"- gone: {_span(cause.headline)}"


def _causes(result: Result) -> list[str]:
    """A table of the gravest findings."""
    if not result.findings:
        return []
    more = len(result.findings) - _CAUSES
    rows = [_row(result, finding) for finding in result.findings[:_CAUSES]]
    head = ("#", "what is wrong", "where", "standing", "how often", *(["since"] if has_past(result) else []))
    return [
        _line(head),
        _line(["---"] * len(head)),
        *rows,
        *(["", f"and {more} more, in `result.json`"] if more > 0 else []),
    ]


def _row(result: Result, finding: Finding) -> str:
    leniency = describe_leniency(finding)
    standing = f"{finding.standing}, {_span(leniency)}" if leniency else finding.standing
    where, often = _span(finding.location), describe_times(finding.count)
    since = [describe_since(result, finding)] if has_past(result) else []
    return _line([str(finding.number), _span(finding.headline), where, standing, often, *since])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _not_tried(result: Result) -> list[str]:
    """The gaps, of which nothing is claimed. An untestable target has its reason above."""
    lines = [] if result.verdict == "untestable" else [f"- {_span(line)}" for line in describe_gaps(result)]
    drift = counted(len(result.tolerated_additions), "undocumented field")
    lines += [f"- additive drift: {drift} of responses"] if result.tolerated_additions else []
    return ["### Not tried", "", *lines] if lines else []


def _some(lines: Iterable[str]) -> Sequence[str]:
    told = list(lines)
    return [*told[:_NAMED], *([f"- and {len(told) - _NAMED} more"] if len(told) > _NAMED else [])]


def _span(text: str) -> str:
    return markdown(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
