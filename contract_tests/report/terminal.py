"""A result in words, for the terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import FactTally, Finding, Reading, Result

_WIDTH: Final = 10
_SHOWN: Final = 500
_NAMED: Final = 12
_DESCRIBED: Final = 5


def describe_start(contract: Contract, target: str, seed: int) -> str:
    """Header line: contract, name of the target, seed."""
    labels = ", ".join(operation.label for operation in contract.operations)
    info = contract.spec.document["info"]
    return f"contract: {labels} of {info['title']} {info['version']}, at {target}, seed {seed}"


def describe_finding(finding: Finding) -> str:
    """A finding: what is wrong, which line of the spec says so, what was sent and received, and how to see it again."""
    request, response = finding.request, finding.response
    body = f" {cut(request.body)}" if request.body else ""
    received = f"{response.status} {cut(response.body)}".rstrip() if response else "nothing"
    times = "once" if finding.count == 1 else f"{finding.count} times"
    rows = {
        **({"due to": "\n".join(finding.choices)} if finding.choices else {}),
        "spec": f"{finding.location}  {finding.pointer}  ({finding.standing})",
        "broken": finding.detail,
        "sent": f"{request.method} {request.url}{body}\n({finding.sent}; {times})",
        "received": received,
        "again": finding.reproduce,
    }
    warning = "warning: " if finding.is_warning else ""
    witness = f" (found by {finding.witness} alone)" if finding.witness else ""
    return "\n".join(
        [f"{warning}{finding.check}: {finding.headline}{witness}", *(row(name, text) for name, text in rows.items())]
    )


def describe_findings(findings: list[Finding]) -> str:
    """Some findings, and how many there are beside them."""
    described = [describe_finding(finding) for finding in findings[:_DESCRIBED]]
    more = [f"and {len(findings) - _DESCRIBED} more, in result.json"] if len(findings) > _DESCRIBED else []
    return "\n\n".join([*described, *more])


def describe_breaches(fact: FactTally) -> str:
    """A documented fact that the target does not keep."""
    rows = [row("spec", f"{fact.location}  {fact.pointer}  ({fact.standing})")]
    return "\n".join([f"{fact.name} is not kept:", *rows, *(row("broken", text) for text in fact.breaches)])


def describe_verdict(result: Result, report_dir: Path) -> str:
    """The last lines of a run; the very last one begins with the verdict."""
    numbers = f"{result.requests} requests sent, {result.calls} calls"
    if result.recording:
        numbers = f"{result.requests} recorded requests, {result.calls} accepted, {_describe_reading(result.recording)}"
    where = f"seed {result.seed}, {result.seconds:.1f} s, reports in {report_dir}/"
    if result.verdict == "untestable":
        return f"{result.reason}\nuntestable: nothing is claimed of {result.target}; {numbers}, {where}"
    by_check = Counter(finding.check for finding in result.findings if not finding.is_warning)
    found = ", ".join(f"{number} by {check}" for check, number in by_check.items())
    total = f"{by_check.total()} findings" + (f" ({found})" if found else "")
    lines = [f"{result.reason}"] if result.reason else []
    if untried := dict.fromkeys(fact.name for fact in result.facts if not fact.kept and not fact.breaches):
        lines.append(f"not tried: {_name_some(tuple(untried))}")
    if warnings := [finding for finding in result.findings if finding.is_warning]:
        lines.append(describe_findings(warnings))
    lines += _describe_additions(result)
    if result.combinations:
        covered = f"{result.combinations.tried} of {result.combinations.total}"
        lines.append(f"combinations of three choices that shape a request: {covered} tried")
    if result.untried:
        lines.append(f"cut off: {_name_some(result.untried)}")
    if result.withheld:
        lines.append(f"withheld from this target: {_name_some(result.withheld)}")
    return "\n".join([*lines, f"{result.verdict}: {result.target}; {numbers}, {total}, {where}"])


def _describe_reading(reading: Reading) -> str:
    """The entries of a recording that were passed over, and why."""
    skipped = ", ".join(f"{number} {why}" for why, number in reading.skipped.items())
    missing = ", ".join(f"{number} {what}" for what, number in reading.not_judged.items())
    return (
        f"{sum(reading.skipped.values())} of {reading.entries} entries skipped"
        + (f" ({skipped})" if skipped else "")
        + (f", not judged to the end: {missing}" if missing else "")
    )


def _describe_additions(result: Result) -> list[str]:
    return [
        f"additive drift: {addition.location}  {addition.pointer} has no field {addition.field!r}"
        f" ({addition.count} responses)"
        for addition in result.additions[:_NAMED]
    ]


def _name_some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def row(name: str, text: str) -> str:
    """A line of a finding, by its name; a text of several lines is aligned below its first."""
    first, *others = [printable(line) for line in text.split("\n")]
    margin = " " * (_WIDTH + 2)
    return "\n".join([f"  {name:{_WIDTH}}{first}", *(f"{margin}{line}" for line in others)])


def printable(text: str) -> str:
    """The text with its control characters spelled out: what a server sends must not command a terminal."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def cut(text: str) -> str:
    """The beginning of a long text, with its length."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"
