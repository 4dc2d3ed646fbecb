"""The parameters of a request, held to their schemas as far as their form can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import parse_qs, unquote

from contract_tests.contract.paths import path_values
from contract_tests.exchange.strict_json import BeyondReachError
from contract_tests.judge.scalars import read_scalar

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation, Parameter
    from contract_tests.exchange.exchange import Request

_State = Literal["valid", "invalid", "unknown"]
_SCALARS: Final = {"string", "integer", "number", "boolean"}


def parameters_validity(contract: Contract, operation: Operation, request: Request) -> _State:
    """Holds the parameters to their schemas; unknown where the form of one is not understood."""
    states = set(_states(contract, operation, request).values())
    return "invalid" if "invalid" in states else "unknown" if "unknown" in states else "valid"


def invalid_parameters(contract: Contract, operation: Operation, request: Request) -> list[Parameter]:
    """The parameters that are absent where they must be there, or do not fit their schemas."""
    states = _states(contract, operation, request)
    return [parameter for parameter, state in states.items() if state == "invalid"]


def _states(contract: Contract, operation: Operation, request: Request) -> dict[Parameter, _State]:
    return {
        parameter: _state(contract, parameter, _texts(parameter, operation, request))
        for parameter in operation.parameters
    }


def _state(contract: Contract, parameter: Parameter, texts: list[str]) -> _State:
    if not texts:
        return "invalid" if parameter.is_required else "valid"
    schema = contract.value(parameter.schema) if parameter.schema else None
    kinds = schema.get("type") if isinstance(schema, dict) else None
    if parameter.schema is None or kinds not in _SCALARS or len(texts) > 1:
        return "unknown"
    try:
        value = read_scalar(texts[0], kinds)
    except BeyondReachError:
        return "unknown"
    return "valid" if contract.validator(parameter.schema).is_valid(value) else "invalid"


def _texts(parameter: Parameter, operation: Operation, request: Request) -> list[str]:
    """The values of a parameter, as they were sent."""
    match parameter.location:
        case "query":
            return parse_qs(request.query, keep_blank_values=True).get(parameter.name, [])
        case "header":
            return request.headers.all(parameter.name)
        case "path":
            value = path_values(operation.path, request.path).get(parameter.name)
            return [] if value is None else [unquote(value)]
        case _:
            pairs = (pair.strip().partition("=") for pair in (request.headers.joined("Cookie") or "").split(";"))
            return [value for name, _, value in pairs if name == parameter.name]
