"""The parameters of a request, held to their schemas as far as their form can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.contract.keywords import find_breaches
from contract_tests.contract.parameter_text import Sent
from contract_tests.contract.parameter_values import ParameterReader
from contract_tests.exchange.scalars import read_scalar
from spec.reader import tokens

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.contract.keywords import Breach
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.parameter_values import ParameterValues
    from contract_tests.contract.parameters import Parameter
    from contract_tests.exchange.exchange import Request


def read_parameters(contract: Contract, operation: Operation, request: Request) -> ParameterValues:
    """The parameters of a request to an operation, by location and name."""
    return ParameterReader(contract, read_scalar).read(operation, Sent(request.path, request.query, request.headers))


def parameter_breaches(
    contract: Contract, operation: Operation, found: ParameterValues
) -> list[tuple[Parameter, Breach]]:
    """The keywords that the parameters break, each with its parameter. Nothing is said of those that cannot be read."""
    if operation.parameters_schema is None:
        return []
    breaches = find_breaches(contract.validator(operation.parameters_schema), found.values)
    pairs = [(_parameter_of(operation, breach), breach) for breach in breaches]
    return [(parameter, breach) for parameter, breach in pairs if parameter and parameter not in found.unreadable]


def _parameter_of(operation: Operation, breach: Breach) -> Parameter | None:
    location, *names = [*tokens(breach.location), *([] if breach.missing is None else [breach.missing])]
    return next((each for each in operation.parameters if [each.location, each.name] == [location, *names[:1]]), None)
