"""From the evidence of a run to its result."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import structs

from contract_tests.engine.asked import ASKED
from contract_tests.engine.report import find_reports
from contract_tests.judge.annotation import Told, annotate
from contract_tests.judge.drift import hear_drift
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.tallies import tally
from contract_tests.result.finding_file import finding_path, replay_command, rerun_command
from contract_tests.result.power_file import read_power
from contract_tests.result.result import Result
from contract_tests.result.scope import ShardPart, explain_gaps
from contract_tests.result.verdict import find_verdict
from contract_tests.run.completeness import (
    find_combinations,
    find_enough_calls,
    find_untried,
    find_withheld,
    tally_operations,
)
from contract_tests.run.gaps import find_gaps
from contract_tests.run.pairs import find_pairs
from contract_tests.run.provenance import tell_date, tell_settings, tell_spec, tell_versions
from contract_tests.run.timeline import make_timeline
from contract_tests.target.options import MOCK, own_options
from contract_tests.target.shard import held_operations
from contract_tests.target.target import EMBEDDED_MOCK
from contract_tests.traffic.names import without_credentials
from spec.paths import SPEC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contract_tests.contract.contract import Contract, Standing
    from contract_tests.judge.tallies import Tallies
    from contract_tests.result.baseline import Acceptance
    from contract_tests.result.course import Power
    from contract_tests.result.result import Addition, Finding
    from contract_tests.run.evidence import Evidence
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target

NOTHING_ACCEPTED: Final[Mapping[str, Acceptance]] = MappingProxyType({})


def conclude(  # noqa: PLR0913 - what a result is made of
    contract: Contract,
    evidence: Evidence,
    target: Target,
    options: Options,
    seconds: float,
    *,
    accepted: Mapping[str, Acceptance] = NOTHING_ACCEPTED,
) -> Result:
    """The result of the evidence.

    `seconds` is how long the run took. `accepted` has the causes that violate nothing for now, by their keys.
    """
    tallies = evidence.tallies or tally(contract, evidence.judged)
    additions = tallies.additions()
    findings = find_all(contract, evidence, additions, target, options, accepted=accepted)
    untried = tuple(dict.fromkeys(find_untried(contract, evidence, target.limits.references)))
    operations = tuple(tally_operations(contract, evidence, target.limits.references))
    shards = _tell_shard(contract, options) if evidence.schedule else ()
    reason = explain_gaps(evidence.obstacle, operations, shards)
    return Result(
        verdict=find_verdict(findings, obstacle=evidence.obstacle, has_gaps=bool(reason or untried)),
        reason=reason,
        obstacle=evidence.obstacle,
        operations=operations,
        shards=shards,
        target=target.name,
        url=target.url,
        spec_version=contract.spec.document["info"]["version"],
        spec_sha256=contract.spec.sha256,
        seed=options.seed,
        seconds=round(seconds, 3),
        requests=tallies.requests,
        calls=evidence.record.calls,
        checks=tallies.checks(),
        facts=tallies.facts(findings, _warnings(target, options)),
        findings=findings,
        additions=additions,
        untried=untried,
        # A shard knows its own part of the calls alone.
        enough_calls=None if options.shard else find_enough_calls(evidence, options.max_calls),
        withheld=tuple(dict.fromkeys(find_withheld(contract, evidence))),
        combinations=find_combinations(evidence),
        reports=find_reports(options.report_dir),
        date=tell_date(seconds),
        versions=dict(tell_versions()),
        settings=tell_settings(options),
        power=_find_power(target, options) if evidence.schedule else None,
        timeline=make_timeline(evidence, findings),
        contract=annotate(contract, _tell(contract, evidence, tallies, findings, options)),
        pairs=find_pairs(evidence),
        spec=tell_spec(contract),
    )


def find_all(  # noqa: PLR0913 - what findings are made of
    contract: Contract,
    evidence: Evidence,
    additions: tuple[Addition, ...],
    target: Target,
    options: Options,
    *,
    accepted: Mapping[str, Acceptance],
) -> tuple[Finding, ...]:
    """Everything that the evidence holds against the target. With `--strict`, undocumented fields are part of it."""
    judged = hear_drift(contract, evidence.judged, additions if options.strict else ())
    found = find_findings(contract, judged, _circumstances(evidence, target, options))
    return tuple(_completed(finding, accepted, target, options) for finding in found)


def can_be_replayed(finding: Finding) -> bool:
    """Tells whether one exchange can show a finding again: that of another tool only if its check looks at no more."""
    return finding.witness is None or finding.check in ASKED


def replay_flags(options: Options) -> tuple[str, ...]:
    """The flags that name the spec, the server of a run and its secrets, for a finding of it to be sent again."""
    spec = ("--spec", str(options.spec)) if options.spec != SPEC else ()
    named = ("--target", options.target) if options.target != MOCK else ()
    given = ("--url", without_credentials(options.url)) if options.url else ()
    secrets = (text for scheme, name in options.credential for text in ("--credential", f"{scheme}={name}"))
    return (*spec, *named, *given, "--token-env", options.token_env, *secrets)


def _flags(target: Target, options: Options) -> tuple[str, ...]:
    return () if target.name == EMBEDDED_MOCK else replay_flags(options)


def _completed(finding: Finding, accepted: Mapping[str, Acceptance], target: Target, options: Options) -> Finding:
    """The finding with its acceptance, if there is one, and with the run's command where no replay can show it."""
    found = structs.replace(finding, accepted=accepted.get(finding.key))
    if can_be_replayed(found):
        return found
    calls = () if options.max_calls is None else ("--max-calls", str(options.max_calls))
    again = rerun_command(options.started_by, options.seed, (*_flags(target, options), *calls))
    return structs.replace(found, reproduce=again)


def _circumstances(evidence: Evidence, target: Target, options: Options) -> Circumstances:
    """The facts that findings tell and that follow from no exchange."""
    flags = _flags(target, options)

    def command(number: int) -> str:
        return replay_command(options.started_by, finding_path(options.report_dir, number), flags)

    return Circumstances(command, evidence.purposes, evidence.choices, _warnings(target, options))


def _tell(
    contract: Contract, evidence: Evidence, tallies: Tallies, findings: Sequence[Finding], options: Options
) -> Told:
    """The run's word on the statements of the contract."""
    elsewhere = _tested_elsewhere(contract, options)
    return Told(tallies.statements, tallies.checks(), findings, find_gaps(evidence), elsewhere)


def _warnings(target: Target, options: Options) -> frozenset[Standing]:
    """The standings of findings that violate nothing: off this machine, our own reading is among them."""
    if options.strict:
        return frozenset()
    return frozenset(["advice"] if target.is_on_this_machine else ["advice", "inferred"])


def _tell_shard(contract: Contract, options: Options) -> tuple[ShardPart, ...]:
    """The shard that the options name; nothing for a whole run."""
    if options.shard is None:
        return ()
    number, of = options.shard
    labels = tuple(each.label for each in held_operations(contract, options.shard))
    max_calls = own_options(options, contract).max_calls
    return (ShardPart(number=number, of=of, operations=labels, max_calls=max_calls),)


def _tested_elsewhere(contract: Contract, options: Options) -> frozenset[str]:
    """The labels of the operations that other shards test."""
    held = held_operations(contract, options.shard)
    return frozenset(each.label for each in contract.operations) - {each.label for each in held}


def _find_power(target: Target, options: Options) -> Power | None:
    """The power of such a run. It is known of whole runs alone."""
    return None if options.shard else read_power(options.max_calls, has_limits=not target.limits.is_free)
