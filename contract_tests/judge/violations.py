"""The kinds of violation that a request is, told before anybody answers it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from contract_tests.exchange.exchange import Exchange
from contract_tests.judge.seen import see

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Request
    from contract_tests.judge.seen import Seen


class Violations:
    """Tells the kinds of violation, by a contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def kinds(self, request: Request) -> tuple[str, ...]:
        """The kinds of violation that a request is, in words; none for a request that the spec allows."""
        seen = see(self._contract, Exchange(request))
        if seen is None or not seen.has_its_method:
            return (f"{request.method} {request.path}, which is not documented",)
        return tuple(dict.fromkeys(_kinds(seen)))


def _kinds(seen: Seen) -> Iterator[str]:
    if not seen.has_the_token:
        yield f"credentials {json.dumps(seen.credentials)}"
    for parameter in dict.fromkeys(parameter for parameter, _ in seen.parameter_breaches):
        yield f"{parameter.location} parameter {json.dumps(parameter.name)}"
    if seen.operation.contents and seen.request.body and seen.content is None:
        yield f"media type {json.dumps(seen.media_type)}"
    elif seen.operation.contents:
        yield from _kinds_of_body(seen)


def _kinds_of_body(seen: Seen) -> Iterator[str]:
    if seen.malformation:
        wrong = f"malformed {seen.format_name} ({type(seen.malformation).__name__})"
        yield wrong if seen.request.body else "no body"
        return
    for breach in seen.request_breaches:
        yield f"{breach.pointer} at {re.sub(r'/[0-9]+(?=/|$)', '/*', breach.location) or 'the body'}"
