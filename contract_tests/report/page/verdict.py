"""The verdict of a result in a sentence, the next steps, and the cost of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from contract_tests.report.over_time import describe_baseline
from contract_tests.report.page.allowance import cut
from contract_tests.result.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contract_tests.result.course import Power
    from contract_tests.result.result import Finding, Result
    from contract_tests.result.terms import Gravity, Verdict

TITLES: Final[Mapping[Verdict, str]] = {
    "conforms": "Keeps the contract",
    "violates": "Breaks the contract",
    "incomplete": "Not everything could be tried",
    "untestable": "Could not be tested",
}
STEPS: Final[Mapping[Gravity, str]] = {
    "credentials": "Let nobody in without the right token",
    "crash": "Mend what makes the server crash",
    "refusal": "Accept the requests that the contract allows",
    "response": "Correct what is wrong in responses",
    "acceptance": "Refuse the requests that the contract forbids",
    "formality": "Settle the formalities",
    "drift": "Document the new fields of responses in the spec, or stop sending them",
}
"""The things to do about findings, by their gravity, in the order in which to do them."""
_NAMED: Final = 8
"""How many findings are named at a step."""
_HEADLINE: Final = 160


class Step(Struct, frozen=True):
    """A thing to do next, and the findings that it is about: the first ones by number and headline."""

    words: str
    findings: tuple[tuple[int, str], ...] = ()
    more: int = 0
    notes: tuple[str, ...] = ()


class Figure(Struct, frozen=True):
    """A number of the run."""

    name: str
    value: str
    note: str = ""


def say_title(result: Result) -> str:
    """The verdict in a few words."""
    return f"{TITLES[result.verdict]}{_but_for(result) if result.verdict == 'conforms' else ''}"


def say_verdict(result: Result) -> str:
    """The verdict in a sentence."""
    violations = sum(finding.violates for finding in result.findings)
    match result.verdict:
        case "conforms":
            return f"{_kept(result)}."
        case "violates":
            return f"{_subject(result)} breaks the contract. {_blame(result, violations)}."
        case "incomplete":
            return f"{_kept(result)}, but not everything could be."
        case _:
            return f"Nothing is claimed of {result.target}."


def _subject(result: Result) -> str:
    name = result.target
    return f"The server at {name}" if "://" in name else f"{name[:1].upper()}{name[1:]}"


def _kept(result: Result) -> str:
    return f"{_subject(result)} kept the contract{_but_for(result)} in everything that was tried"


def _but_for(result: Result) -> str:
    """The accepted causes, without which a verdict claims too much."""
    accepted = _accepted(result)
    return f" but for {counted(accepted, 'accepted cause')}" if accepted else ""


def _blame(result: Result, violations: int) -> str:
    accepted = _accepted(result)
    beside = f" and {counted(accepted, 'accepted cause')}" if accepted else ""
    return f"All that is wrong comes from {_causes(violations)}{beside}"


def _accepted(result: Result) -> int:
    return sum(finding.accepted is not None for finding in result.findings)


def _causes(number: int) -> str:
    return "one cause" if number == 1 else f"{number:,} causes"


def next_steps(result: Result) -> tuple[Step, ...]:
    """The things to do next, in their order."""
    return tuple(_steps(result))


def _steps(result: Result) -> Iterator[Step]:
    violations = [finding for finding in result.findings if finding.violates]
    for gravity, words in STEPS.items():
        if those := [finding for finding in violations if finding.gravity == gravity]:
            yield _step(words, those)
    if len(result.shards) == 1:
        yield Step("Merge this report with those of the other shards. Until then, it tells of some operations alone.")
    if result.reason:
        yield from _test_again(result, result.reason.split("\n"))
    elif result.verdict == "incomplete":
        yield Step("Try what was left out: the list of what was never tried says why each thing was.")
    if result.baseline and not result.baseline.is_up_to_date:
        yield Step("Bring the baseline up to date.", notes=tuple(describe_baseline(result.baseline)))
    if warnings := [each for each in result.findings if each.is_warning and not each.accepted]:
        yield _step("Look at the warnings. They violate nothing.", warnings)
    if result.tolerated_additions:
        yield Step(f"Look at the additive drift: {counted(len(result.tolerated_additions), 'field')} beyond the spec.")


def _test_again(result: Result, reasons: Sequence[str]) -> Iterator[Step]:
    """The steps after which all can be tested: those that the reasons name, or another run once the rest is mended."""
    if result.verdict == "violates":
        yield Step("Then test again, for this could not be tested yet:", notes=tuple(reasons))
    else:
        yield from map(Step, reasons)


def _step(words: str, findings: Sequence[Finding]) -> Step:
    named = tuple((finding.number, cut(finding.headline, _HEADLINE)) for finding in findings[:_NAMED])
    return Step(words, named, len(findings) - len(named))


def figures(result: Result) -> tuple[Figure, ...]:
    """The numbers that tell the cost of a run, and its power."""
    return tuple(_figures(result))


def _figures(result: Result) -> Iterator[Figure]:
    if result.recording:
        entries = counted(result.recording.entries, "entry", "entries")
        yield Figure("requests judged", f"{result.requests:,}", f"of {entries}")
        yield Figure("calls accepted", f"{result.calls:,}", "nothing was sent")
    else:
        yield Figure("requests sent", f"{result.requests:,}")
        yield Figure("calls spent", f"{result.calls:,}", _allowed(result))
    yield Figure("seconds", f"{result.seconds:,.1f}")
    if result.power:
        yield Figure("broken servers caught by such a run", *_describe_power(result.power))


def _allowed(result: Result) -> str:
    """How many calls the run was allowed."""
    given = next((setting.value for setting in result.settings if setting.name == "--max-calls"), "none")
    return "no limit was set" if given == "none" else f"of {given} allowed"


def _describe_power(power: Power) -> tuple[str, str]:
    calls = "" if power.max_calls is None else f" with at most {power.max_calls} calls"
    share = power.caught / power.faults
    shown = f"{share:.0%}" if share in {0, 1} else f"{min(share, 0.999):.1%}"
    limits = " without limits" if power.has_limits else ""
    return shown, f"{power.caught} of {power.faults}{calls}; measured{limits} {power.date} at {power.commit}"
