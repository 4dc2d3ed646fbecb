"""From the evidence of a run to its result."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from contract_tests.engine.job import REPORT
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.tallies import tally_checks, tally_facts
from contract_tests.result.finding_file import finding_path, replay_command
from contract_tests.result.result import Result
from contract_tests.target.options import MOCK
from contract_tests.target.target import EMBEDDED_MOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contract_tests.contract.contract import Contract, Standing
    from contract_tests.judge.judge import Judged
    from contract_tests.result.result import Finding, Verdict
    from contract_tests.run.evidence import Evidence
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target

_CUTTING: Final = {"budget", "lost", "volume"}
"""The limits that leave a run incomplete. The others hold in every run against a target."""

_UNKNOWN: Final = "requests of Schemathesis"


def conclude(contract: Contract, evidence: Evidence, target: Target, options: Options, seconds: float) -> Result:
    """The result of the evidence. `seconds` is how long the run took."""
    warnings = _warnings(target, options)
    flags = () if target.name == EMBEDDED_MOCK else replay_flags(options)

    def command(number: int) -> str:
        return replay_command(options.started_by, finding_path(options.report_dir, number), flags)

    findings = find_findings(
        contract, evidence.judged, Circumstances(command, evidence.purposes, evidence.choices, warnings)
    )
    facts, additions = tally_facts(contract, evidence.judged, findings, warnings)
    untried = tuple(_find_untried(evidence))
    is_drift_a_violation = bool(options.strict and additions)
    report = options.report_dir / REPORT
    return Result(
        verdict=_verdict(findings, evidence, untried, is_drift_a_violation=is_drift_a_violation),
        reason=evidence.obstacle,
        target=target.name,
        url=target.url,
        spec_version=contract.spec.document["info"]["version"],
        spec_sha256=contract.spec.sha256,
        seed=options.seed,
        seconds=round(seconds, 3),
        requests=len(evidence.judged),
        calls=evidence.record.calls,
        checks=tally_checks(contract, evidence.judged),
        facts=facts,
        findings=findings,
        additions=additions,
        untried=untried,
        withheld=tuple(_find_withheld(evidence)),
        reports={"ndjson": str(report)} if report.exists() else {},
    )


def replay_flags(options: Options) -> tuple[str, ...]:
    """The flags that name the server of a run and its token, for a finding of it to be sent again."""
    named = ("--target", options.target) if options.target != MOCK else ()
    given = ("--url", options.url) if options.url else ()
    return (*named, *given, "--token-env", options.token_env)


def _warnings(target: Target, options: Options) -> frozenset[Standing]:
    """The standings of findings that violate nothing: off this machine, our own reading is among them."""
    if options.strict:
        return frozenset()
    return frozenset(["advice"] if target.is_on_this_machine else ["advice", "inferred"])


def _verdict(
    findings: Sequence[Finding], evidence: Evidence, untried: Sequence[str], *, is_drift_a_violation: bool
) -> Verdict:
    if is_drift_a_violation or any(not finding.is_warning for finding in findings):
        return "violates"
    if evidence.obstacle:
        return "untestable"
    return "incomplete" if untried else "conforms"


def _find_untried(evidence: Evidence) -> Iterator[str]:
    """The choices and requests that a limit cut off, and those that came to nothing otherwise."""
    if evidence.schedule:
        yield from (str(choice) for plan in evidence.schedule.plans.values() for choice in plan.untried)
    yield from _describe_withheld(evidence, cut=True)
    yield from _find_put_off(evidence)
    if evidence.schedule and not evidence.obstacle:
        yield from _find_unproven(evidence)


def _find_put_off(evidence: Evidence) -> dict[str, None]:
    """The requests that the server put off, each thing once: of those, nothing is claimed."""
    answered = (each for each in evidence.judged if each.exchange.response and evidence.schedule)
    return dict.fromkeys(
        f"{evidence.purposes.get(each.exchange.id, _UNKNOWN)} (the server answered {each.seen.status}: {_remedy(each)})"
        for each in answered
        if each.seen.is_of_the_moment
    )


def _remedy(judged: Judged) -> str:
    is_about_money = judged.seen.status == HTTPStatus.PAYMENT_REQUIRED
    return "top up the account" if is_about_money else "run again later, or with a lower --max-calls"


def _find_withheld(evidence: Evidence) -> Iterator[str]:
    """The choices and requests that the target is never sent."""
    if evidence.schedule:
        yield from (str(choice) for plan in evidence.schedule.plans.values() for choice in plan.withheld)
    yield from _describe_withheld(evidence, cut=False)


def _describe_withheld(evidence: Evidence, *, cut: bool) -> dict[str, None]:
    """The requests that were not sent, each thing once: those that a limit of the run cut off, or the others."""
    chosen = ((evidence.purposes.get(each.id, _UNKNOWN), each.refusal) for each in evidence.record.withheld)
    return dict.fromkeys(
        f"{purpose} ({refusal.reason})" for purpose, refusal in chosen if refusal and (refusal.limit in _CUTTING) is cut
    )


def _find_unproven(evidence: Evidence) -> Iterator[str]:
    """The planned requests that did not go out as planned, for whatever reason: of them nothing may be claimed."""
    proven = {each.exchange.id for each in evidence.judged if each.seen.validity == "valid"}
    withheld = {each.id for each in evidence.record.withheld}
    for planned in evidence.schedule.valid if evidence.schedule else ():
        if planned.id not in proven | withheld:
            yield f"{planned.purpose} (it did not go out as planned)"
