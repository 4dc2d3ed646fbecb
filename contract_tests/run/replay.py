"""A finding sent again: whether it stands, is gone, or cannot be told."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal

import httpx

from contract_tests.exchange.exchange import CheckedCase, Record, join
from contract_tests.exchange.marks import CASE_ID
from contract_tests.guard.process import GuardError, guarding
from contract_tests.guard.proxy import Errand
from contract_tests.judge.checks import BODY_CHECKS, PROBE_CHECKS, RESPONSE_CHECKS, Observed, judge
from contract_tests.judge.findings import find_findings
from contract_tests.judge.judgement import NO_ANSWER
from contract_tests.judge.rules import make_rule_checks
from contract_tests.result.finding_file import requests_of
from contract_tests.run.preflight import OUT_OF_ORDER, REFUSED, find_obstacle
from contract_tests.run.sending import make_client, send

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange, Untried
    from contract_tests.guard.process import Guard
    from contract_tests.judge.checks import Check
    from contract_tests.result.result import Finding, FindingFile
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target

Verdict = Literal["stands", "gone", "untestable"]
_UNSENDABLE: Final = (
    "Nothing was exchanged: HTTP cannot carry what the finding's file says was sent. Was the file edited, or recorded "
    "with header fields that no client sends?"
)


@dataclass(frozen=True)
class Replay:
    """What came of a replay."""

    verdict: Verdict
    reason: str
    """Why, in a line."""
    exchange: Exchange | None = None
    """What was sent and came back this time."""
    others: tuple[Finding, ...] = ()
    """What else is wrong with it."""


def replay(contract: Contract, file: FindingFile, target: Target, options: Options) -> Replay:
    """Sends what failed to the target again, through the guard, and judges it by today's spec.

    Raises:
        TargetError: the token cannot be sent.
    """
    checks = {**RESPONSE_CHECKS, **BODY_CHECKS, **PROBE_CHECKS, **make_rule_checks()}
    if reason := _find_change(contract, file.finding, checks):
        return Replay("untestable", reason)
    errand = Errand(target.url, target.limits, options.max_calls, options.connect_timeout, options.spec.resolve())
    with guarding(target, errand) as guard:
        return _Replaying(contract, file.finding, target, options, guard, checks).make()


@dataclass(frozen=True)
class _Replaying:
    """What is under way: a finding, and the target behind its guard."""

    contract: Contract
    finding: Finding
    target: Target
    options: Options
    guard: Guard
    checks: dict[str, Check]

    def make(self) -> Replay:
        """What came of it."""
        try:
            if obstacle := self._find_obstacle():
                return Replay("untestable", obstacle)
            record = self._send_all()
            if record.untried:
                return Replay("untestable", _explain(record.untried[0]))
            if len(record.exchanges) <= len(self.finding.before):
                return Replay("untestable", _UNSENDABLE)
            exchange = record.exchanges[-1]
            return self._judge_silence(exchange) if exchange.response is None else self._judge_answer(exchange)
        except GuardError as error:
            return Replay("untestable", str(error))

    def _find_obstacle(self) -> str | None:
        return find_obstacle(self.contract, self.guard.door, self.target.url, self.options.connect_timeout)

    def _send_all(self) -> Record:
        """The requests of the finding with their responses, judged in their order."""
        cases = []
        with make_client() as client:
            for number, request in enumerate(requests_of(self.finding, self.guard.door.url)):
                cases.append(
                    CheckedCase(f"replay-{number}", self.finding.operation, self.finding.expectation, "", (), ())
                )
                with suppress(httpx.HTTPError):  # what the guard has to say of it, it keeps
                    send(client, request, self.guard.door.placeholder, {CASE_ID: cases[-1].case_id})
        record = join(cases, self.guard.exchanges())
        exchanges = tuple(judge(self.contract, exchange, self.checks.items()) for exchange in record.exchanges)
        return replace(record, exchanges=exchanges)

    def _judge_silence(self, exchange: Exchange) -> Replay:
        if obstacle := self._find_obstacle():
            return Replay("untestable", f"The target was lost on the way. {obstacle}", exchange)
        if self.finding.check == NO_ANSWER:
            return Replay("stands", f"a harmless request gets a response; to this one, the target {exchange.trouble}")
        return Replay("untestable", f"There is nothing to judge: the target {exchange.trouble}.", exchange)

    def _judge_answer(self, exchange: Exchange) -> Replay:
        finding = self.finding
        if reason := _find_doubt(self.contract, finding, exchange):
            return Replay("untestable", reason, exchange)
        found = find_findings(self.contract, Record((exchange,)), lambda _: finding.reproduce)
        same = [other for other in found if (other.check, other.pointer) == (finding.check, finding.pointer)]
        others = tuple(other for other in found if other not in same)
        if same:
            return Replay("stands", same[0].detail.partition("\n")[0], exchange, others)
        return Replay("gone", f"{finding.check} finds nothing wrong at {finding.pointer}", exchange, others)


def _find_change(contract: Contract, finding: Finding, checks: dict[str, Check]) -> str | None:
    """Why today's spec and suite have nothing to say of a finding; None if they have."""
    if all(operation.label != finding.operation for operation in contract.operations):
        return f"The spec has changed: it has no operation {finding.operation} any more."
    if finding.pointer not in contract.spec.places:
        return f"The spec has changed: the statement at {finding.pointer} is there no more."
    if finding.check not in {*checks, NO_ANSWER}:
        return f"The check {finding.check} is made only by whole runs of the suite."
    return None


def _explain(untried: Untried) -> str:
    reason = untried.refusal.reason
    return f"The guard did not send it: {reason}. A replay has the limits of a run; --help names them."


def _find_doubt(contract: Contract, finding: Finding, exchange: Exchange) -> str | None:
    """Why the answer says nothing of the finding: it is one that any request may get for a while."""
    seen = Observed(contract, exchange)
    status, before = seen.status, finding.response and finding.response.status
    if status == before:
        return None
    if status in REFUSED and seen.has_the_token and seen.has_its_method:
        return f"The target refuses the token: it answered {status}. Is it the right one, and still valid?"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"The target takes no more requests for now: it answered {status}. Try again later."
    if status in OUT_OF_ORDER and finding.check != "not_a_server_error":
        return f"The target is out of order: it answered {status}. Try again when it works."
    return None
