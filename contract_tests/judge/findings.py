"""From exchanges to findings: a pure function of a record of a run and the contract."""

from __future__ import annotations

import base64
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contract_tests.judge.judgement import (
    INVALID_ACCEPTED,
    NO_ANSWER,
    RESPONSE_SCHEMA,
    SHOWN_BODY,
    VALID_REFUSED,
    describe_breach,
    locate,
    request_breaches,
    response_breaches,
)
from contract_tests.judge.rules import STANDINGS, find_earlier
from contract_tests.result.result import Finding, ReceivedResponse, SentRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract_tests.contract.contract import Contract, Operation
    from contract_tests.contract.keywords import Breach
    from contract_tests.exchange.exchange import Exchange, Failure, Record, Request

# Which part of an operation a check holds a server to, for what it finds to name a line.
_PARTS: Final = {
    "status_code_conformance": "responses",
    "content_type_conformance": "responses",
    "response_headers_conformance": "responses",
    RESPONSE_SCHEMA: "responses",
    **dict.fromkeys(INVALID_ACCEPTED, "requestBody"),
    VALID_REFUSED: "requestBody",
    "malformed_json_refused": "requestBody",
    "undocumented_media_type_refused": "requestBody",
    "no_redirect_to_another_origin": "responses",
    **dict.fromkeys(STANDINGS, "responses"),
}


@dataclass(frozen=True)
class _Observation:
    """One thing wrong with one exchange; those that differ in nothing but the exchange are one finding."""

    check: str
    headline: str
    detail: str
    pointer: str
    exchange: Exchange

    @property
    def kind(self) -> tuple[str, str, str]:
        return (self.check, self.headline, self.pointer)


def find_findings(
    contract: Contract, record: Record, command: Callable[[int], str], *, is_lenient: bool = False
) -> tuple[Finding, ...]:
    """Everything that the run holds against the target, each way of breaking the contract once.

    `command` says how to see a finding again, by its number from 1. With `is_lenient`, what rests on our reading alone
    is a warning.
    """
    groups: dict[tuple[str, str, str], list[_Observation]] = defaultdict(list)
    for exchange in record.exchanges:
        for observation in _observe(contract, exchange):
            groups[observation.kind].append(observation)
    return tuple(
        _finding(contract, record, group, command(number), is_lenient=is_lenient)
        for number, group in enumerate(groups.values(), 1)
    )


def _observe(contract: Contract, exchange: Exchange) -> Iterator[_Observation]:
    operation = contract.operation(exchange.label)
    if exchange.response is None:
        headline = "A request gets no HTTP response"
        trouble = f"The target {exchange.trouble}"
        yield _Observation(NO_ANSWER, headline, trouble, operation.pointer, exchange)
    for failure in exchange.failures:
        yield from _observe_failure(contract, operation, exchange, failure)


def _observe_failure(
    contract: Contract, operation: Operation, exchange: Exchange, failure: Failure
) -> Iterator[_Observation]:
    """What one failed check says; for one that concerns a schema, each keyword that is broken by itself."""
    breaches = _breaches_behind(contract, operation, exchange, failure)
    for breach in breaches:
        yield _Observation(failure.check, _words(failure)[0], describe_breach(breach), breach.pointer, exchange)
    if not breaches:
        pointer = f"{operation.pointer}/{_PARTS.get(failure.check, '')}".rstrip("/")
        title, message = _words(failure)
        headline = title if exchange.response is None else f"{title} ({exchange.response.status})"
        yield _Observation(failure.check, headline, message or title, pointer, exchange)


def _words(failure: Failure) -> tuple[str, str]:
    """Headline and detail of what a check says: of our own checks, the engine knows the detail alone."""
    message = failure.message.strip()
    if not failure.title.startswith("Custom check failed"):
        return failure.title, message
    headline, _, detail = message.partition("\n")
    return (headline, detail.strip()) if detail else (failure.check.replace("_", " "), message)


def _breaches_behind(contract: Contract, operation: Operation, exchange: Exchange, failure: Failure) -> list[Breach]:
    if failure.check == RESPONSE_SCHEMA:
        return response_breaches(contract, operation, exchange)
    if failure.check in INVALID_ACCEPTED:
        return request_breaches(contract, operation, exchange)
    return []


def _finding(
    contract: Contract, record: Record, group: list[_Observation], command: str, *, is_lenient: bool
) -> Finding:
    first = min(group, key=lambda observation: len(observation.exchange.request.body))
    exchange = first.exchange
    earlier = find_earlier(first.check, exchange, record.exchanges)
    standing = STANDINGS.get(first.check) or contract.standing(first.pointer)
    return Finding(
        check=first.check,
        headline=first.headline,
        detail=first.detail,
        pointer=first.pointer,
        location=locate(contract, first.pointer),
        standing=standing,
        is_warning=is_lenient and standing == "inferred",
        count=len(group),
        choices=next((each.exchange.choices for each in group if each.exchange.choices), ()),
        operation=exchange.label,
        expectation=exchange.expectation,
        sent=exchange.description,
        before=(_sent_request(earlier.request),) if earlier else (),
        request=_sent_request(exchange.request),
        response=_received_response(exchange),
        reproduce=command,
    )


def _sent_request(request: Request) -> SentRequest:
    text = _text(request.body)
    return SentRequest(
        method=request.method,
        url=request.url,
        headers=request.headers,
        body=base64.b64encode(request.body).decode() if text is None else text,
        body_is_base64=text is None,
    )


def _received_response(exchange: Exchange) -> ReceivedResponse | None:
    if exchange.response is None:
        return None
    body = exchange.response.body[:SHOWN_BODY].decode(errors="replace")
    return ReceivedResponse(status=exchange.response.status, headers=exchange.response.headers, body=body)


def _text(body: bytes) -> str | None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
