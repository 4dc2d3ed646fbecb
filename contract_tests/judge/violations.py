"""The kinds of violation that a request is, told before anybody answers it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from contract_tests.judge.seen_request import see_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Request
    from contract_tests.judge.seen_request import SeenRequest


class Violations:
    """Tells the kinds of violation, by a contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def kinds(self, request: Request) -> tuple[str, ...]:
        """The kinds of violation that a request is, in words; none for a request that the spec allows."""
        sent = see_request(self._contract, request)
        if sent is None or not sent.has_its_method:
            return (f"{request.method} {request.path}, which is not documented",)
        return tuple(dict.fromkeys(_kinds(sent)))


def _kinds(sent: SeenRequest) -> Iterator[str]:
    if not sent.has_the_token:
        yield f"credentials {json.dumps(sent.credentials)}"
    for parameter in dict.fromkeys(parameter for parameter, _ in sent.parameter_breaches):
        yield f"{parameter.location} parameter {json.dumps(parameter.name)}"
    if sent.operation.contents and sent.request.body and sent.content is None:
        yield f"media type {json.dumps(sent.media_type)}"
    elif sent.operation.contents:
        yield from _kinds_of_body(sent)


def _kinds_of_body(sent: SeenRequest) -> Iterator[str]:
    if sent.malformation:
        wrong = f"malformed {sent.format_name} ({type(sent.malformation).__name__})"
        yield wrong if sent.request.body else "no body"
        return
    for breach in sent.breaches:
        yield f"{breach.pointer} at {re.sub(r'/[0-9]+(?=/|$)', '/*', breach.location) or 'the body'}"
