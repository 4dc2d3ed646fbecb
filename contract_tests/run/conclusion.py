"""From all that was sent and came back to a run's Result."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.engine.engine import REPORTS
from contract_tests.judge.checks import Observed
from contract_tests.judge.findings import find_findings
from contract_tests.judge.judgement import NO_ANSWER
from contract_tests.judge.rules import STANDINGS
from contract_tests.judge.tallies import tally_checks, tally_facts
from contract_tests.result.finding_file import replay_command
from contract_tests.result.result import Result
from contract_tests.target.target import EMBEDDED_MOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.exchange.exchange import Record
    from contract_tests.plan.schedule import Preparation
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target

CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_is_json",
    "response_schema_conformance",
    "documented_request_accepted",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
    "authorization_required",
    "invalid_request_refused",
    "malformed_json_refused",
    "undocumented_media_type_refused",
    "no_redirect_to_another_origin",
    NO_ANSWER,
    *STANDINGS,
)
"""The checks of a run: the engine's own that have something to say of this endpoint, then ours.

The engine has more, which are made too where the spec gives them something to look at: `response_headers_conformance`
and `missing_required_header`, and with several operations `use_after_free`, `ensure_resource_availability` and
`object_level_authorization`.
"""
_CUTTING: Final = {"budget", "lost", "volume"}
"""The limits that leave a run incomplete. The others hold in every run against a target."""


def conclude(  # noqa: PLR0913, PLR0917 - all that a result is made of
    preparation: Preparation,
    record: Record,
    obstacle: str | None,
    target: Target,
    options: Options,
    seconds: float,
) -> Result:
    """The result of what was sent and came back; `obstacle` is what kept it from being all."""
    contract = preparation.contract
    is_lenient = not (options.strict or target.is_on_this_machine)
    token_env = None if target.name == EMBEDDED_MOCK else options.token_env
    command = partial(replay_command, options.report_dir, token_env)
    findings = find_findings(contract, record, command, is_lenient=is_lenient)
    facts, additions = tally_facts(contract, record, is_lenient=is_lenient)
    plans = preparation.schedule.plans.values()
    untried = (
        *(str(choice) for plan in plans for choice in plan.untried),
        *_describe_untried(record, cut=True),
        *(() if obstacle else _find_unproven(preparation, record)),
    )
    is_violated = any(not finding.is_warning for finding in findings) or bool(options.strict and additions)
    return Result(
        verdict="violates" if is_violated else "untestable" if obstacle else "incomplete" if untried else "conforms",
        reason=obstacle,
        target=target.name,
        url=target.url,
        spec_version=contract.spec.document["info"]["version"],
        spec_sha256=contract.spec.sha256,
        seed=options.seed,
        seconds=round(seconds, 3),
        requests=len(record.exchanges),
        calls=record.calls,
        checks=tally_checks(CHECKS, record),
        facts=facts,
        findings=findings,
        additions=additions,
        untried=untried,
        withheld=(*(str(choice) for plan in plans for choice in plan.withheld), *_describe_untried(record, cut=False)),
        reports={
            name: str(options.report_dir / file)
            for name, file in REPORTS.items()
            if (options.report_dir / file).exists()
        },
    )


def _describe_untried(record: Record, *, cut: bool) -> tuple[str, ...]:
    """The requests that were not sent, each thing once: those that a limit of the run cut off, or the others."""
    chosen = [untried for untried in record.untried if (untried.refusal.limit in _CUTTING) is cut]
    return tuple(dict.fromkeys(f"{untried.description} ({untried.refusal.reason})" for untried in chosen))


def _find_unproven(preparation: Preparation, record: Record) -> Iterator[str]:
    """The planned requests that did not go out as planned, for whatever reason: of them nothing may be claimed."""
    contract, schedule = preparation.contract, preparation.schedule
    planned = {
        (label, request.description): None
        for label, plan in schedule.plans.items()
        for request in schedule.requests[label][: len(plan.bodies)]
    }
    for exchange in record.exchanges:
        place = (exchange.label, exchange.description)
        if place in planned and Observed(contract, exchange).validity == "valid":
            del planned[place]
    not_sent = {(untried.label, untried.description) for untried in record.untried}
    yield from (f"{name} (it did not go out as planned)" for label, name in planned if (label, name) not in not_sent)
