"""Masks what a recording's result shows: tokens, the values of header fields, and undocumented parameters."""

from __future__ import annotations

import base64
from functools import partial, reduce
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import structs

from contract_tests.exchange.headers import Headers
from contract_tests.exchange.masking import Mask
from contract_tests.traffic.masking import mask_headers, mask_target, mask_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.headers import Field
    from contract_tests.result.result import Addition, Example, Failure, Finding, ReceivedResponse, Result, SentRequest

MAX_TOKENS: Final = 2**19
"""How long the tokens of one mask are together at most, in characters: such a mask takes 0.7 GB."""


def masks_of_recording(tokens: Iterable[str], words: bytes = b"") -> Iterator[Mask]:
    """The masks for the different tokens of recordings, to be applied one after the other; at least one.

    `words` is a text whose words are no secrets.
    """
    batch: list[str] = []
    length = 0
    for token in tokens:
        if batch and length + len(token) > MAX_TOKENS:
            yield Mask(batch, words=words)
            batch, length = [], 0
        batch.append(token)
        length += len(token)
    yield Mask(batch, words=words)


class TextMask(Protocol):
    """Takes out of texts what is not to be shown."""

    def hide_text(self, text: str) -> str:
        """The text without it."""

    def hide_bytes(self, text: bytes) -> bytes:
        """The bytes without it."""

    def hide_fields(self, fields: Iterable[Field]) -> list[Field]:
        """The header fields without it."""


def mask_result(result: Result, contract: Contract, mask: TextMask) -> Result:
    """The result as it may be shown."""
    facts = (
        structs.replace(fact, breaches=tuple(map(mask.hide_text, fact.breaches))) if fact.breaches else fact
        for fact in result.facts
    )
    additions = mask_additions(result.additions, mask)
    findings = mask_findings(result.findings, contract, mask)
    return structs.replace(result, facts=tuple(facts), additions=additions, findings=findings)


def mask_additions(additions: Iterable[Addition], mask: TextMask) -> tuple[Addition, ...]:
    """The undocumented fields as they may be shown."""
    return tuple(structs.replace(each, field=mask.hide_text(each.field)) for each in additions)


def mask_findings(findings: Iterable[Finding], contract: Contract, mask: TextMask) -> tuple[Finding, ...]:
    """The findings as they may be shown."""
    return tuple(_mask_finding(finding, contract, mask) for finding in findings)


def _mask_finding(finding: Finding, contract: Contract, mask: TextMask) -> Finding:
    hide = partial(_hide_of_finding, finding, contract, mask)
    failure = partial(_mask_failure, hide=hide)
    return structs.replace(
        finding,
        key=mask.hide_text(finding.key),
        headline=hide(finding.headline),
        detail=hide(finding.detail),
        failures=tuple(map(failure, finding.failures)),
        consequences=tuple(map(failure, finding.consequences)),
        examples=tuple(_mask_example(example, contract, mask) for example in finding.examples),
    )


def _hide_of_finding(finding: Finding, contract: Contract, mask: TextMask, text: str) -> str:
    """A text of a finding. It may quote those fields of the responses that the contract has a say in."""
    responses = (example.response for example in finding.examples)
    return mask.hide_text(reduce(partial(_without_values, finding, contract), filter(None, responses), text))


def _without_values(finding: Finding, contract: Contract, text: str, response: ReceivedResponse) -> str:
    headers = Headers(response.headers)
    for name in dict.fromkeys(["Location", *_documented_fields(contract, finding.operation, response.status)]):
        value = headers.joined(name)
        text = text.replace(f" {value}", f" {mask_value(name, value)}") if value else text
    return text


def _mask_failure(failure: Failure, hide: Callable[[str], str]) -> Failure:
    parts = tuple(map(hide, failure.parts))
    return structs.replace(failure, headline=hide(failure.headline), parts=parts)


def _mask_example(example: Example, contract: Contract, mask: TextMask) -> Example:
    request = partial(_mask_request, contract=contract, mask=mask)
    response = example.response
    return structs.replace(
        example,
        made_by=tuple(map(request, example.made_by)),
        before=tuple(map(request, example.before)),
        request=request(example.request),
        response=_mask_response(response, mask) if response else None,
    )


def _documented_fields(contract: Contract, label: str, status: int) -> list[str]:
    operations = (operation for operation in contract.operations if operation.label == label)
    return [header.name for operation in operations for header in contract.response_headers(operation, status)]


def _mask_request(request: SentRequest, contract: Contract, mask: TextMask) -> SentRequest:
    body = mask.hide_text(request.body)
    if request.body_is_base64:
        body = base64.b64encode(mask.hide_bytes(base64.b64decode(request.body))).decode()
    target = mask.hide_text(mask_target(contract, request.target))
    return structs.replace(request, target=target, headers=_mask_fields(request.headers, mask), body=body)


def _mask_response(response: ReceivedResponse, mask: TextMask) -> ReceivedResponse:
    return structs.replace(response, headers=_mask_fields(response.headers, mask), body=mask.hide_text(response.body))


def _mask_fields(headers: tuple[tuple[str, str], ...], mask: TextMask) -> Headers:
    return Headers(mask.hide_fields(mask_headers(headers)))
