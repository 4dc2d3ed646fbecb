"""The reasons why a request is not valid: each with its place in the request and the line of the spec."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from contract_tests.contract.keywords import find_breaches
from contract_tests.exchange.strict_json import parse_json
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.keywords import Breach
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.parameter_values import ParameterValues


class Reason(TypedDict):
    """One thing that is wrong with a request."""

    at: str
    """Where in the body, or in the parameters by their location: a JSON Pointer."""
    keyword: str
    """The keyword of the schema that the request breaks: `required`, `maximum`."""
    says: str
    spec: str
    """Where the keyword stands: file, line and JSON Pointer."""


def find_reasons(contract: Contract, pointer: str, body: bytes) -> tuple[Reason, ...]:
    """Everything that is wrong with a request's body by the schema at a pointer; nothing for one that is no JSON."""
    try:
        value = parse_json(body)
    except ValueError:
        return ()
    return tuple(_describe(contract, breach) for breach in find_breaches(contract.request_validator(pointer), value))


def find_reasons_of_parameters(contract: Contract, operation: Operation, found: ParameterValues) -> Iterator[Reason]:
    """Everything that is wrong with a request's parameters. Their places begin with their locations: `/query/limit`."""
    pointer = operation.parameters_schema
    for breach in find_breaches(contract.request_validator(pointer), found.values) if pointer else ():
        yield _describe_parameter(contract, operation, breach)
    for parameter in found.unreadable:
        at, says = f"/{parameter.location}/{escape(parameter.name)}", "it cannot be read as its schema says"
        yield Reason(at=at, keyword="type", says=says, spec=_place(contract, parameter.pointer))


def _describe(contract: Contract, breach: Breach) -> Reason:
    keyword = breach.pointer.rpartition("/")[2]
    return Reason(at=breach.location, keyword=keyword, says=breach.message, spec=_place(contract, breach.pointer))


def _describe_parameter(contract: Contract, operation: Operation, breach: Breach) -> Reason:
    """The same of a parameter. The schema of all is in no file: where it demands one, that parameter's place counts."""
    absent = (each for each in operation.parameters if breach.location == f"/{each.location}")
    parameter = next((each for each in absent if each.name == breach.missing), None)
    if parameter is None:
        return _describe(contract, breach)
    at, pointer = f"{breach.location}/{escape(parameter.name)}", f"{parameter.pointer}/required"
    return Reason(at=at, keyword="required", says=breach.message, spec=_place(contract, pointer))


def _place(contract: Contract, pointer: str) -> str:
    return f"{contract.locate(pointer)} {pointer}"
