"""The plan of an operation's parameters, made like that of a body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contract_tests.contract.parameter_text import Sent, can_be_written, cookie_text, write
from contract_tests.contract.parameter_values import ParameterReader
from contract_tests.exchange.scalars import read_scalar
from contract_tests.plan.choices import NOWHERE
from contract_tests.plan.mutations import break_each_statement
from contract_tests.plan.packing import PlannedBody
from contract_tests.plan.plan import Plan, make_plan
from contract_tests.plan.shapes import Shapes
from contract_tests.target.limits import FREE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.parameters import Parameter
    from contract_tests.plan.mutations import Mutation, OnCap
    from contract_tests.target.limits import Limits
    from spec.json_value import Json

NO_PARAMETERS: Final = PlannedBody({}, "{}", ())
_MOST: Final = 12
"""How many combinations of parameters are sent at most, for each operation."""


@dataclass(frozen=True)
class ParameterMedium:
    """The parameters of an operation."""

    operation: Operation
    name: str = "the parameters"
    whole: str = "the parameters"

    def accepts(self, place: str, value: Json) -> bool:
        """Tells whether a parameter, or a part of it, may have a value."""
        parameter = _parameter_at(self.operation, place)
        return parameter is None or _can_be_sent(parameter, place, value)

    def carries(self, value: Json) -> bool:
        """Tells whether all parameters can be written."""
        return _can_all_be_sent(self.operation, value)


def plan_parameters(
    contract: Contract, operation: Operation, *, all_known_names: bool, seed: int = 0, limits: Limits = FREE
) -> Plan:
    """Makes the plan of an operation's parameters. Without any, it has one body, with nothing in it."""
    pointer = operation.parameters_schema
    if pointer is None:
        return Plan((NO_PARAMETERS,), Shapes(NOWHERE))

    return make_plan(
        contract,
        pointer,
        all_known_names=all_known_names,
        seed=seed,
        limits=limits,
        medium=ParameterMedium(operation),
        most=_MOST,
        has_twin=False,
    )


def break_parameters(contract: Contract, operation: Operation, plan: Plan, on_cap: OnCap) -> Iterator[Mutation]:
    """Breaks every statement about the parameters, as far as the text of a request can show that it is broken.

    `on_cap` hears of those that the plan's effort leaves out, if it does.
    """
    pointer = operation.parameters_schema
    if pointer is None:
        return
    is_valid, reader = contract.request_validator(pointer).is_valid, ParameterReader(contract, read_scalar)
    for mutation in break_each_statement(contract, pointer, plan, on_cap):
        values = mutation.body
        if _can_all_be_sent(operation, values):
            written = write(operation.path, operation.parameters, values)
            path, _, query = written.target.partition("?")
            fields = (*written.fields, *((("Cookie", cookie_text(written.cookies)),) if written.cookies else ()))
            found = reader.read(operation, Sent(path, query, fields))
            if not found.unreadable and not is_valid(found.values):
                yield mutation


def _parameter_at(operation: Operation, place: str) -> Parameter | None:
    """The parameter that a part of a request belongs to; None for what holds them."""
    fitting = [each for each in operation.parameters if _is_within(place, f"{each.location}.{each.name}")]
    return max(fitting, key=lambda each: len(each.name), default=None)


def _is_within(place: str, outer: str) -> bool:
    return place == outer or place.startswith((f"{outer}.", f"{outer}[", f"{outer}(", f"{outer}{{"))


def _can_be_sent(parameter: Parameter, place: str, value: Json) -> bool:
    """Tells whether a value can be sent, at the parameter itself or as an item or a field of it.

    A null or an empty text is left out: readers differ on whether the parameter is there. So are whole numbers with a
    fraction or an exponent, which are texts here.
    """
    if value in {None, ""} if isinstance(value, str | None) else isinstance(value, float) and value.is_integer():
        return False
    is_whole = place == f"{parameter.location}.{parameter.name}"
    if is_whole or parameter.media_type:
        return can_be_written(parameter, value)
    return can_be_written(parameter, {"field": value} if parameter.style == "deepObject" else [value])


def _can_all_be_sent(operation: Operation, values: Json) -> bool:
    """Tells whether all values can be written, and the path has all of its own."""
    if not isinstance(values, dict):
        return False
    located = all(isinstance(values.get(each.location), dict) for each in operation.parameters)
    needed = [each for each in operation.parameters if each.location == "path"]
    if not located or not all(each.name in values["path"] for each in needed):
        return False
    present = [(each, values[each.location]) for each in operation.parameters if each.name in values[each.location]]
    return all(can_be_written(each, values_at[each.name]) for each, values_at in present)
