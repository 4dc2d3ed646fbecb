"""The reasons why a body is no valid request: each with its place in the body and the line of the spec."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from contract_tests.contract.keywords import find_breaches
from contract_tests.exchange.strict_json import parse_json

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.contract.keywords import Breach


class Reason(TypedDict):
    """One thing that is wrong with a body."""

    at: str
    """Where in the body: a JSON Pointer."""
    keyword: str
    """The keyword of the schema that the body breaks: `required`, `maximum`."""
    says: str
    spec: str
    """Where the keyword stands: file, line and JSON Pointer."""


def find_reasons(contract: Contract, pointer: str, body: bytes) -> tuple[Reason, ...]:
    """Everything that is wrong with a request's body by the schema at a pointer; nothing for one that is no JSON."""
    try:
        value = parse_json(body)
    except ValueError:
        return ()
    return tuple(_describe(contract, breach) for breach in find_breaches(contract.validator(pointer), value))


def _describe(contract: Contract, breach: Breach) -> Reason:
    line = contract.place(breach.pointer).line
    keyword = breach.pointer.rpartition("/")[2]
    return Reason(
        at=breach.location, keyword=keyword, says=breach.message, spec=f"spec/openapi.yaml:{line} {breach.pointer}"
    )
