"""A result in words, for the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from contract_tests.result.words import counted, is_said
from spec.output import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Addition, FactTally, Failure, Finding, Reading, Result

_WIDTH: Final = 10
_SHOWN: Final = 300
"""How much of a body is shown, in characters."""
_NAMED: Final = 12
_DESCRIBED: Final = 20
"""How many findings are shown in full."""
_HEADLINE: Final = 90
"""How much of a headline stands in the table, in characters."""
_PURPOSES: Final = 3
"""How many purposes of other requests are named."""
_MET_ELSEWHERE: Final = "met only where something else was wrong"


def describe_start(contract: Contract, target: str, seed: int) -> str:
    """Header line: contract, name of the target, seed."""
    labels = ", ".join(operation.label for operation in contract.operations)
    info = contract.spec.document["info"]
    return one_line(f"contract: {labels} of {info['title']} {info['version']}, at {target}, seed {seed}")


def describe_finding(finding: Finding) -> str:
    """A finding: what is wrong, which line of the spec says so, what was sent and received, and how to see it again."""
    example = finding.example
    request, response = example.request, example.response
    body = f" {cut(request.readable_body)}" if request.body else ""
    received = f"{response.status} {cut(response.body)}".rstrip() if response else "nothing"
    rows = {
        "due to": "\n".join(choice.words for choice in finding.due_to),
        "spec": f"{finding.location}  {finding.pointer}  ({finding.standing})",
        "broken": "" if is_said(finding.detail, finding.headline) else finding.detail,
        "sent": f"{request.method} {request.url}{body}\n({_describe_purposes(finding)}; {_times(finding.count)})",
        "received": received,
        "besides": "\n".join(_describe_consequences(finding)),
        "again": finding.reproduce,
    }
    warning = "warning: " if finding.is_warning else ""
    by = f"{finding.witness} alone" if finding.witness else finding.check
    title = one_line(f"{finding.number}. {warning}{finding.headline}  ({by})")
    return "\n".join([title, *(row(name, text) for name, text in rows.items() if text)])


def _describe_purposes(finding: Finding) -> str:
    """The purpose of the example; where the request is to blame, those of the other requests too."""
    if finding.gravity in {"refusal", "response"}:
        return finding.example.sent
    others = [purpose for purpose in finding.sent_for if purpose != finding.example.sent]
    more = f" and {len(others) - _PURPOSES} more" if len(others) > _PURPOSES else ""
    also = f"; also: {', '.join(others[:_PURPOSES])}{more}" if others else ""
    return f"{finding.example.sent}{also}"


def _describe_consequences(finding: Finding) -> list[str]:
    """The consequences of a finding, by check."""
    by_check: dict[str, list[Failure]] = {}
    for failure in finding.consequences:
        by_check.setdefault(failure.check, []).append(failure)
    return [_describe_consequence(finding, check, failures) for check, failures in by_check.items()]


def _describe_consequence(finding: Finding, check: str, failures: Sequence[Failure]) -> str:
    headline = "the same" if failures[0].headline == finding.headline else failures[0].headline
    more = f", and {len(failures) - 1} more of the kind" if len(failures) > 1 else ""
    return f"{headline}{more}  ({check})"


def describe_findings(findings: Sequence[Finding]) -> str:
    """The gravest findings, and how many there are beside them."""
    described = [describe_finding(finding) for finding in findings[:_DESCRIBED]]
    more = [f"and {len(findings) - _DESCRIBED} more, in result.json"] if len(findings) > _DESCRIBED else []
    return "\n\n".join([*described, *more])


def describe_table(findings: Sequence[Finding]) -> str:
    """A table of all findings, the gravest first: number, what is wrong, standing, how often."""
    head = ("#", "what is wrong", "standing", "how often")
    rows = [head, *(_cells(finding) for finding in findings)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, cells, widths)).rstrip() for cells in rows)


def _cells(finding: Finding) -> tuple[str, ...]:
    standing = f"{finding.standing}, a warning" if finding.is_warning else finding.standing
    return (str(finding.number), _cut_to(one_line(finding.headline), _HEADLINE), standing, _times(finding.count))


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def describe_references(findings: Sequence[Finding]) -> str:
    """Findings in a line: their numbers, and the headline of the gravest. They are told in full once, further down."""
    if len(findings) == 1:
        return f"finding {findings[0].number}: {one_line(findings[0].headline)}"
    *others, last = (str(finding.number) for finding in findings)
    return f"findings {', '.join(others)} and {last}, such as: {one_line(findings[0].headline)}"


def describe_gap(fact: FactTally) -> str:
    """Why nothing is claimed of a fact that was neither kept nor broken."""
    return f"not judged: {_MET_ELSEWHERE}" if fact.not_judged else "not tried"


def describe_verdict(result: Result, report_dir: Path) -> str:
    """The last lines of a run: findings, gaps, the table of findings. The very last line begins with the verdict."""
    where = f"seed {result.seed}, {result.seconds:.1f} s, reports in {report_dir}/"
    numbers = _describe_numbers(result)
    if result.verdict == "untestable":
        return f"{result.reason}\nuntestable: nothing is claimed of {result.target}; {numbers}, {where}"
    total = _describe_total(result.findings)
    parts = [
        describe_findings(result.findings),
        "\n".join(_describe_rest(result)),
        describe_table(result.findings) if result.findings else "",
        f"{result.verdict}: {result.target}; {numbers}, {total}, {where}",
    ]
    separator = "\n\n" if result.findings else "\n"
    return separator.join(filter(None, parts))


def _describe_numbers(result: Result) -> str:
    if result.recording:
        requests = counted(result.requests, "recorded request")
        return f"{requests}, {result.calls} accepted, {_describe_reading(result.recording)}"
    return f"{counted(result.requests, 'request')} sent, {counted(result.calls, 'call')}"


def _describe_total(findings: Sequence[Finding]) -> str:
    warnings = sum(finding.is_warning for finding in findings)
    violations = counted(len(findings) - warnings, "finding")
    return f"{violations}, {counted(warnings, 'warning')}" if warnings else violations


def _describe_rest(result: Result) -> Iterator[str]:
    """The lines beside the findings: gaps, drift, limits."""
    if result.reason:
        yield result.reason
    gaps = [fact for fact in result.facts if not fact.kept and not fact.breaches]
    if untried := dict.fromkeys(fact.name for fact in gaps if not fact.not_judged):
        yield f"not tried: {_name_some(tuple(untried))}"
    if not_judged := dict.fromkeys(fact.name for fact in gaps if fact.not_judged):
        yield f"not judged ({_MET_ELSEWHERE}): {_name_some(tuple(not_judged))}"
    yield from _describe_additions(result)
    if result.combinations:
        covered = f"{result.combinations.tried} of {result.combinations.total}"
        yield f"combinations of three choices that shape a request: {covered} tried"
    if result.untried:
        yield f"cut off: {_name_some(result.untried)}"
    if result.withheld:
        yield f"withheld from this target: {_name_some(result.withheld)}"


def _describe_reading(reading: Reading) -> str:
    """The entries of a recording that were passed over, and why."""
    entries = counted(reading.entries, "entry", "entries")
    skipped = ", ".join(f"{number} {why}" for why, number in reading.skipped.items())
    missing = ", ".join(f"{number} {what}" for what, number in reading.not_judged.items())
    return (
        f"{sum(reading.skipped.values())} of {entries} skipped"
        + (f" ({skipped})" if skipped else "")
        + (f", not judged to the end: {missing}" if missing else "")
    )


def _describe_additions(result: Result) -> Iterator[str]:
    yield from map(_describe_addition, result.additions[:_NAMED])
    if len(result.additions) > _NAMED:
        yield f"and {counted(len(result.additions) - _NAMED, 'field')} more, in result.json"


def _describe_addition(addition: Addition) -> str:
    times = counted(addition.count, "response")
    return (
        f"additive drift: {addition.location}  {addition.pointer} has no field {json.dumps(addition.field)} ({times})"
    )


def _name_some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def row(name: str, text: str) -> str:
    """A line of a finding, by its name; a text of several lines is aligned below its first."""
    first, *others = printable(text).split("\n")
    margin = " " * (_WIDTH + 2)
    return "\n".join([f"  {name:{_WIDTH}}{first}", *(f"{margin}{line}" for line in others)])


def cut(text: str) -> str:
    """The beginning of a long text, with its length."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"


def _cut_to(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
