"""The parameters of a request, held to their schemas as far as their form can be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import parse_qs, unquote

from contract_tests.contract.paths import path_values

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation, Parameter
    from contract_tests.exchange.exchange import Request
    from spec.json_value import Json

_SCALARS: Final = {"string", "integer", "number", "boolean"}


def parameters_validity(
    contract: Contract, operation: Operation, request: Request
) -> Literal["valid", "invalid", "unknown"]:
    """Holds the parameters to their schemas; unknown where the form of one is not understood."""
    states = {_state(contract, parameter, _texts(parameter, operation, request)) for parameter in operation.parameters}
    return "invalid" if "invalid" in states else "unknown" if "unknown" in states else "valid"


def _state(contract: Contract, parameter: Parameter, texts: list[str]) -> Literal["valid", "invalid", "unknown"]:
    if not texts:
        return "invalid" if parameter.is_required else "valid"
    schema = contract.value(parameter.schema) if parameter.schema else None
    kinds = schema.get("type") if isinstance(schema, dict) else None
    if parameter.schema is None or kinds not in _SCALARS or len(texts) > 1:
        return "unknown"
    return "valid" if contract.validator(parameter.schema).is_valid(_value(texts[0], kinds)) else "invalid"


def _value(text: str, kind: str) -> Json:
    """The value that a text stands for where a kind of value belongs; the text itself if it stands for none."""
    if kind == "string":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


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
