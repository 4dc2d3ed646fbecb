"""From failures to findings: each way of breaking the contract once."""

from __future__ import annotations

import base64
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from contract_tests.judge.wording import SHOWN, locate
from contract_tests.result.result import Finding, ReceivedResponse, SentRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from contract_tests.contract.contract import Contract, Standing
    from contract_tests.exchange.exchange import Exchange, Request
    from contract_tests.judge.judge import Failure, Judged

_UNKNOWN: Final = "a request of another tool"


@dataclass(frozen=True)
class Circumstances:
    """Facts about a run that its findings tell and that follow from no exchange."""

    command: Callable[[int], str]
    """Gives the command that shows a finding again, by its number from 1."""
    purposes: Mapping[str, str] = field(default_factory=dict)
    """The purpose of each request, in words, by the exchange's id."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The choices that an exchange's failures are due to, by its id, where that was found out."""
    warnings: frozenset[Standing] = frozenset()
    """The standings of findings that violate nothing."""


def find_findings(contract: Contract, judged: Iterable[Judged], circumstances: Circumstances) -> tuple[Finding, ...]:
    """Everything that the exchanges hold against the target. Failures that differ in their exchange alone are one."""
    groups: defaultdict[tuple[str, str, str], list[tuple[Failure, Judged]]] = defaultdict(list)
    for each in judged:
        for failure in each.failures:
            groups[failure.check, failure.headline, failure.pointer].append((failure, each))
    return tuple(_finding(contract, group, number, circumstances) for number, group in enumerate(groups.values(), 1))


def _finding(
    contract: Contract, group: list[tuple[Failure, Judged]], number: int, circumstances: Circumstances
) -> Finding:
    failure, judged = min(group, key=lambda pair: len(pair[1].exchange.request.body))
    exchange = judged.exchange
    standing = contract.strongest(each.standing or contract.standing(each.pointer) for each, _ in group)
    known = (circumstances.choices.get(each.exchange.id) for _, each in group)
    return Finding(
        check=failure.check,
        headline=failure.headline,
        detail=failure.detail or failure.headline,
        pointer=failure.pointer,
        location=locate(contract, failure.pointer),
        standing=standing,
        is_warning=standing in circumstances.warnings,
        witness=failure.witness,
        count=len(group),
        choices=next(filter(None, known), ()),
        operation=judged.seen.operation.label,
        sent=circumstances.purposes.get(exchange.id, _UNKNOWN),
        before=(_sent_request(failure.earlier.request),) if failure.earlier else (),
        request=_sent_request(exchange.request),
        response=_received_response(exchange),
        reproduce=circumstances.command(number),
    )


def _sent_request(request: Request) -> SentRequest:
    text = _text(request.body)
    return SentRequest(
        method=request.method,
        base_url=request.base_url,
        target=request.target,
        headers=request.headers,
        body=base64.b64encode(request.body).decode() if text is None else text,
        body_is_base64=text is None,
    )


def _received_response(exchange: Exchange) -> ReceivedResponse | None:
    if exchange.response is None:
        return None
    body = exchange.response.body[:SHOWN].decode(errors="replace")
    return ReceivedResponse(status=exchange.response.status, headers=exchange.response.headers, body=body)


def _text(body: bytes) -> str | None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
