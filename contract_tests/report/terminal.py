"""A result in words, for the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from contract_tests.report.folding import cut_to, fold, indent_of
from contract_tests.report.left_out import count_left_out, describe_left_out, name_operations
from contract_tests.report.over_time import describe_over_time, describe_since, has_past
from contract_tests.result.words import counted, is_said
from spec.output import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Addition, FactTally, Failure, Finding, Reading, Result
    from contract_tests.result.scope import LeftOut

    Describe = Callable[[str, Sequence[LeftOut], str], Iterator[str]]
    """Describes what was not sent, as `describe_left_out` does."""

_WIDTH: Final = 10
_SHOWN: Final = 300
"""How much of a body is shown, in characters."""
_NAMED: Final = 12
_DESCRIBED: Final = 20
"""How many findings are shown in full."""
_HEADLINE: Final = 90
"""How much of a headline stands in the table where there is no terminal, in characters."""
_SHORTEST: Final = 10
"""How much of it stands there in any terminal."""
_PURPOSES: Final = 3
"""How many purposes of other requests are named."""
_CUT_OFF: Final = "--max-calls left no request, or an option asked for less"
"""Why choices were not tried that have no other reason."""
_WITHHELD: Final = "the limits of this target"
"""Why choices and requests are withheld that have no other reason."""
_MET_ELSEWHERE: Final = "met only where something else was wrong"


def describe_start(contract: Contract, target: str, seed: int) -> str:
    """Header line: contract, name of the target, seed."""
    labels = ", ".join(operation.label for operation in contract.operations)
    info = contract.spec.document["info"]
    return one_line(f"contract: {labels} of {info['title']} {info['version']}, at {target}, seed {seed}")


def describe_finding(finding: Finding, width: int | None = None) -> str:
    """A finding: what is wrong, which line of the spec says so, what was sent and received, and how to see it again.

    `width` is that of the terminal, in columns; None where there is none.
    """
    example = finding.example
    request, response = example.request, example.response
    body = f" {cut(request.readable_body)}" if request.body else ""
    received = f"{response.status} {cut(response.body)}".rstrip() if response else "nothing"
    sent_for = f"({_describe_purposes(finding)}; {describe_times(finding.count)})"
    rows = {
        "due to": "\n".join(choice.words for choice in finding.due_to),
        "spec": f"{finding.location}  {finding.pointer}  ({finding.standing})",
        "broken": "" if is_said(finding.detail, finding.headline) else finding.detail,
        "sent": f"{request.method} {request.url}{body}\n{sent_for}",
        "received": received,
        "besides": "\n".join(_describe_consequences(finding)),
        "again": finding.reproduce,
    }
    leniency = describe_leniency(finding)
    by = f"{finding.witness} alone" if finding.witness else finding.check
    title = one_line(f"{finding.number}. {leniency and f'{leniency}: '}{finding.headline}  ({by})")
    return "\n".join([fold(title, width, 3), *(row(name, text, width) for name, text in rows.items() if text)])


def describe_leniency(finding: Finding) -> str:
    """Why a finding violates nothing; empty if it does."""
    if finding.accepted:
        return f"accepted until {finding.accepted.until} ({one_line(finding.accepted.reason)})"
    return "warning" if finding.is_warning else ""


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


def describe_findings(findings: Sequence[Finding], width: int | None = None) -> str:
    """The gravest findings, and how many there are beside them."""
    described = [describe_finding(finding, width) for finding in findings[:_DESCRIBED]]
    more = [f"and {len(findings) - _DESCRIBED} more, in result.json"] if len(findings) > _DESCRIBED else []
    return "\n\n".join([*described, *more])


def describe_table(result: Result, width: int | None = None) -> str:
    """A table of all findings, the gravest first: number, what is wrong, standing, how often.

    Beside earlier runs, it says how long each has been there. To fit a width, headlines are cut.
    """
    head = ("#", "what is wrong", "standing", "how often")
    rows = [(*head, "since"), *(_cells(result, finding) for finding in result.findings)]
    if not has_past(result):
        rows = [row[:-1] for row in rows]
    others = sum(max(map(len, column)) + 2 for place, column in enumerate(zip(*rows, strict=True)) if place != 1)
    room = _HEADLINE if width is None else max(width - others, _SHORTEST)
    rows = [(number, cut_to(headline, room), *rest) for number, headline, *rest in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, cells, widths)).rstrip() for cells in rows)


def _cells(result: Result, finding: Finding) -> tuple[str, ...]:
    leniency = "accepted" if finding.accepted else "a warning" if finding.is_warning else ""
    standing = f"{finding.standing}, {leniency}" if leniency else finding.standing
    since = describe_since(result, finding)
    return str(finding.number), one_line(finding.headline), standing, describe_times(finding.count), since


def describe_times(number: int) -> str:
    """How often something was seen."""
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


def describe_verdict(result: Result, report_dir: Path, width: int | None = None) -> str:
    """The last lines of a run: findings, gaps, the table of findings. The very last line begins with the verdict.

    `width` is that of the terminal, in columns; None where there is none. Then no line is folded.
    """
    rest = describe_over_time(result) if result.verdict == "untestable" else _describe_rest(result)
    parts = [
        describe_findings(result.findings, width),
        "\n".join(fold(printable(line), width, indent_of(line) + 2) for line in rest),
        describe_table(result, width) if result.findings else "",
        fold(describe_remedy(result), width, 2),
        fold(printable(f"{describe_end(result)}, reports in {report_dir}/"), width, 2),
    ]
    separator = "\n\n" if result.findings else "\n"
    return separator.join(filter(None, parts))


def describe_remedy(result: Result) -> str:
    """The options by which an incomplete run would end with the exit code 0; empty for any other."""
    if result.verdict != "incomplete":
        return ""
    is_allowed = any(each.name == "--allow-partial" and each.value == "yes" for each in result.settings)
    halves = (
        f"--max-calls {result.enough_calls} would try everything" if result.enough_calls else "",
        "" if is_allowed else "with --allow-partial, an incomplete run exits with 0",
    )
    return "; ".join(filter(None, halves))


def describe_end(result: Result) -> str:
    """The verdict and its figures, in a line. An untestable target has its reason above."""
    seed = f"seed {result.seed}, {result.seconds:.1f} s"
    if result.verdict == "untestable":
        numbers = describe_numbers(result)
        return f"{result.reason}\nuntestable: nothing is claimed of {result.target}; {numbers}, {seed}"
    figures = f"{describe_numbers(result)}, {describe_total(result.findings)}"
    return f"{describe_claim(result)}: {result.target}; {figures}, {seed}"


def describe_claim(result: Result) -> str:
    """The verdict in words. Where causes are accepted, it does not claim that the target simply conforms."""
    accepted = sum(finding.accepted is not None for finding in result.findings)
    return (
        f"conforms but for {counted(accepted, 'accepted cause')}"
        if accepted and result.verdict == "conforms"
        else result.verdict
    )


def describe_numbers(result: Result) -> str:
    """How many requests were sent, or judged of a recording, and how many calls they made."""
    if result.recording:
        requests = counted(result.requests, "recorded request")
        return f"{requests}, {result.calls} accepted, {_describe_reading(result.recording)}"
    return f"{counted(result.requests, 'request')} sent, {counted(result.calls, 'call')}"


def describe_total(findings: Sequence[Finding]) -> str:
    """How many findings violate, how many are accepted, and how many are warnings."""
    accepted = sum(finding.accepted is not None for finding in findings)
    warnings = sum(finding.is_warning and not finding.accepted for finding in findings)
    figures = [
        counted(sum(finding.violates for finding in findings), "finding"),
        f"{accepted} accepted" if accepted else "",
        counted(warnings, "warning") if warnings else "",
    ]
    return ", ".join(filter(None, figures))


def _describe_rest(result: Result) -> Iterator[str]:
    """The lines beside the findings: gaps, drift, limits."""
    yield from describe_over_time(result)
    yield from describe_shards(result)
    if result.reason:
        yield result.reason
    yield from _describe_facts(result)
    yield from _describe_additions(result)
    yield from _describe_limits(result)


def describe_shards(result: Result) -> Iterator[str]:
    """A line about the part of a run that the result is of, if it was divided."""
    number = counted(len(result.contract), "operation")
    held = sum(len(part.operations) for part in result.shards)
    if len(result.shards) > 1:
        yield f"merged from {len(result.shards)} shards, which tested {held} of {number}"
    for part in result.shards[:1] if len(result.shards) == 1 else ():
        calls = "" if part.max_calls is None else f", with at most {counted(part.max_calls, 'call')}"
        yield f"shard {part.number}/{part.of} tested {held} of {number}{calls}; the other shards have the rest"


def describe_gaps(result: Result) -> Iterator[str]:
    """The lines about what nothing is claimed of: what was not met, and how much a limit kept from the target."""
    yield from _describe_facts(result)
    yield from _describe_limits(result, count_left_out)


def _describe_facts(result: Result) -> Iterator[str]:
    gaps = [fact for fact in result.facts if not fact.kept and not fact.breaches]
    if untried := dict.fromkeys(fact.name for fact in gaps if not fact.not_judged):
        yield f"not tried: {_name_some(tuple(untried))}"
    if not_judged := dict.fromkeys(fact.name for fact in gaps if fact.not_judged):
        yield f"not judged ({_MET_ELSEWHERE}): {_name_some(tuple(not_judged))}"


def _describe_limits(result: Result, describe: Describe = describe_left_out) -> Iterator[str]:
    if result.combinations and result.combinations.total:
        covered = f"{result.combinations.tried} of {result.combinations.total}"
        yield f"combinations of three choices that shape a request: {covered} tried"
    yield from describe("cut off", name_operations(result, result.untried), _CUT_OFF)
    yield from describe("withheld from this target", name_operations(result, result.withheld), _WITHHELD)


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
    tolerated = result.tolerated_additions
    yield from map(describe_addition, tolerated[:_NAMED])
    if len(tolerated) > _NAMED:
        yield f"and {counted(len(tolerated) - _NAMED, 'field')} more, in result.json"


def describe_addition(addition: Addition) -> str:
    """A line about a field of responses that the spec does not have."""
    times = counted(addition.count, "response")
    return (
        f"additive drift: {addition.location}  {addition.pointer} has no field {json.dumps(addition.field)} ({times})"
    )


def _name_some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def row(name: str, text: str, width: int | None = None) -> str:
    """A line of a finding, by its name; a text of several lines is aligned below its first.

    A command is never folded: it is there to be copied.
    """
    margin = " " * (_WIDTH + 2)
    room = None if width is None or name == "again" else width - len(margin)
    first, *others = fold(printable(text), room).split("\n")
    return "\n".join([f"  {name:{_WIDTH}}{first}", *(f"{margin}{line}" for line in others)])


def cut(text: str) -> str:
    """The beginning of a long text, with its length."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"
