"""A finding sent again: whether it stands, is gone, or cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal

import httpx

from contract_tests.checks import BODY_CHECKS, PROBE_CHECKS, RESPONSE_CHECKS, Observed, judge
from contract_tests.exchanges import Record
from contract_tests.finding_file import exchange_of, requests_of
from contract_tests.findings import find_findings
from contract_tests.judgement import NO_ANSWER
from contract_tests.preflight import find_obstacle
from contract_tests.rules import make_rule_checks
from contract_tests.sending import send

if TYPE_CHECKING:
    from contract_tests.checks import Check
    from contract_tests.contract import Contract
    from contract_tests.exchanges import Exchange
    from contract_tests.result import Finding, FindingFile
    from contract_tests.target import Target

Verdict = Literal["stands", "gone", "untestable"]
_TIMEOUT: Final = 10.0
_REFUSED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_OUT_OF_ORDER: Final = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}


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


def replay(contract: Contract, file: FindingFile, target: Target, timeout: float) -> Replay:
    """Sends what failed to the target again and judges it by today's spec. `timeout` is the preflight's, in seconds."""
    checks = {**RESPONSE_CHECKS, **BODY_CHECKS, **PROBE_CHECKS, **make_rule_checks()}
    if reason := _find_change(contract, file.finding, checks) or find_obstacle(contract, target, timeout):
        return Replay("untestable", reason)
    exchange = _send_all(contract, file.finding, target, checks)
    if exchange.response is None:
        return _judge_silence(contract, file.finding, exchange, target, timeout)
    found = find_findings(contract, Record((exchange,)), lambda _: file.finding.reproduce)
    return _compare(contract, file.finding, exchange, found)


def _find_change(contract: Contract, finding: Finding, checks: dict[str, Check]) -> str | None:
    """Why today's spec and suite have nothing to say of a finding; None if they have."""
    if all(operation.label != finding.operation for operation in contract.operations):
        return f"The spec has changed: it has no operation {finding.operation} any more."
    if finding.pointer not in contract.spec.places:
        return f"The spec has changed: the statement at {finding.pointer} is there no more."
    if finding.check not in {*checks, NO_ANSWER}:
        return f"The check {finding.check} is made only by whole runs of the suite."
    return None


def _send_all(contract: Contract, finding: Finding, target: Target, checks: dict[str, Check]) -> Exchange:
    """The last of the requests with its response, judged after those before it."""
    with httpx.Client(trust_env=False, timeout=_TIMEOUT) as client:
        for request in requests_of(finding, target.url):
            exchange = exchange_of(finding, request)
            try:
                exchange = replace(exchange, response=send(client, request, target.token))
            except (httpx.HTTPError, httpx.InvalidURL):
                return exchange
            exchange = judge(contract, exchange, checks.items())
    return exchange


def _judge_silence(contract: Contract, finding: Finding, exchange: Exchange, target: Target, timeout: float) -> Replay:
    if obstacle := find_obstacle(contract, target, timeout):
        return Replay("untestable", f"The target was lost on the way. {obstacle}", exchange)
    if finding.check == NO_ANSWER:
        return Replay("stands", "the request gets no HTTP response, and a harmless one does", exchange)
    return Replay("untestable", "This time the request got no HTTP response, and there is nothing to judge.", exchange)


def _compare(contract: Contract, finding: Finding, exchange: Exchange, found: tuple[Finding, ...]) -> Replay:
    if reason := _find_doubt(contract, finding, exchange):
        return Replay("untestable", reason, exchange)
    same = [other for other in found if (other.check, other.pointer) == (finding.check, finding.pointer)]
    others = tuple(other for other in found if other not in same)
    if same:
        return Replay("stands", same[0].detail.partition("\n")[0], exchange, others)
    return Replay("gone", f"{finding.check} finds nothing wrong at {finding.pointer or 'the spec'}", exchange, others)


def _find_doubt(contract: Contract, finding: Finding, exchange: Exchange) -> str | None:
    """Why the answer says nothing of the finding: it is one that any request may get for a while."""
    seen = Observed(contract, exchange)
    status, before = seen.status, finding.response and finding.response.status
    if status == before:
        return None
    if status in _REFUSED and seen.has_the_token and seen.has_its_method:
        return f"The target refuses the token: it answered {status}. Is it the right one, and still valid?"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"The target takes no more requests for now: it answered {status}. Try again later."
    if status in _OUT_OF_ORDER and finding.check != "not_a_server_error":
        return f"The target is out of order: it answered {status}. Try again when it works."
    return None
