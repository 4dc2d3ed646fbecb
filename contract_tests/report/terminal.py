"""A result in words, for the terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.schedule import Schedule
    from contract_tests.result.result import FactTally, Finding, FindingFile, Reading, Result
    from contract_tests.run.dry_run import Rehearsal
    from contract_tests.run.replay import Replay
    from contract_tests.target.target import Target

_WIDTH: Final = 10
_SHOWN: Final = 500
_NAMED: Final = 12
_DESCRIBED: Final = 5


def describe_start(contract: Contract, target: Target, seed: int) -> str:
    """What is about to be tested, and where."""
    labels = ", ".join(operation.label for operation in contract.operations)
    info = contract.spec.document["info"]
    return f"contract: {labels} of {info['title']} {info['version']}, at {target.name}, seed {seed}"


def describe_schedule(schedule: Schedule, rehearsal: Rehearsal) -> str:
    """What a run would send: each valid request with what it is the first to try, and how many invalid ones."""
    lines: list[str] = []
    for label, plan in schedule.plans.items():
        lines.append(f"{label}: {len(plan.bodies)} valid requests, each of which may be a call")
        for number, planned in enumerate(plan.bodies, 1):
            tried = (
                "; ".join(map(str, planned.tries))
                or "no choice for the first time, but some together that were not yet"
            )
            lines.append(f"  {number:3}  {tried}")
        if plan.untried:
            lines += ["left out by --max-calls:", *(f"       {choice}" for choice in plan.untried)]
        if plan.withheld:
            lines += ["withheld from this target:", *(f"       {choice}" for choice in plan.withheld)]
    total = f"{rehearsal.valid} valid requests, {rehearsal.invalid} invalid ones, which a conforming server turns away"
    return "\n".join([*lines, f"{total}; nothing was sent"])


def describe_finding(finding: Finding) -> str:
    """A finding: what is wrong, which line of the spec says so, what was sent and received, and how to see it again."""
    request, response = finding.request, finding.response
    body = f" {_cut(request.body)}" if request.body else ""
    received = f"{response.status} {_cut(response.body)}" if response else "nothing"
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
    return "\n".join(
        [f"{warning}{finding.check}: {finding.headline}", *(_row(name, text) for name, text in rows.items())]
    )


def describe_findings(findings: list[Finding]) -> str:
    """Some findings, and how many there are beside them."""
    described = [describe_finding(finding) for finding in findings[:_DESCRIBED]]
    more = [f"and {len(findings) - _DESCRIBED} more, in result.json"] if len(findings) > _DESCRIBED else []
    return "\n\n".join([*described, *more])


def describe_breaches(fact: FactTally) -> str:
    """A documented fact that the target does not keep."""
    rows = [_row("spec", f"{fact.location}  {fact.pointer}  ({fact.standing})")]
    return "\n".join([f"{fact.name} is not kept:", *rows, *(_row("broken", text) for text in fact.breaches)])


def describe_replay(file: FindingFile, replayed: Replay, spec_sha256: str) -> str:
    """A finding that was sent again, and what came of it; the very last line begins with the verdict."""
    lines = [describe_finding(file.finding)]
    response = replayed.exchange and replayed.exchange.response
    if response:
        lines.append(_row("this time", f"{response.status} {_cut(response.body.decode(errors='replace'))}"))
    if file.spec_sha256 != spec_sha256:
        lines.append(f"The spec is not the one of the finding ({file.spec_version}); this is judged by today's.")
    lines += [f"besides: {other.check}: {other.headline}" for other in replayed.others]
    what = "nothing is claimed of the finding; " if replayed.verdict == "untestable" else ""
    return "\n".join([*lines, f"{replayed.verdict}: {what}{_printable(replayed.reason)}"])


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
    if result.untried:
        lines.append(f"cut off: {_name_some(result.untried)}")
    if result.withheld:
        lines.append(f"withheld from this target: {_name_some(result.withheld)}")
    return "\n".join([*lines, f"{result.verdict}: {result.target}; {numbers}, {total}, {where}"])


def _describe_reading(reading: Reading) -> str:
    """What of a recording was passed over, and why."""
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


def _row(name: str, text: str) -> str:
    first, *others = [_printable(line) for line in text.split("\n")]
    margin = " " * (_WIDTH + 2)
    return "\n".join([f"  {name:{_WIDTH}}{first}", *(f"{margin}{line}" for line in others)])


def _printable(text: str) -> str:
    """The text with its control characters spelled out: what a server sends must not command a terminal."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"
