"""The plan of an operation: its bodies, its parameters, and the requests that have both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contract_tests.plan.parameters import plan_parameters
from contract_tests.plan.plan import Plan, cut_plan, make_plan
from contract_tests.plan.requests import make_request, with_body
from contract_tests.target.limits import FREE
from contract_tests.target.own_values import with_own_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Request
    from contract_tests.plan.packing import PlannedBody
    from contract_tests.target.limits import Limits
    from spec.json_value import Json


@dataclass(frozen=True)
class OperationPlan:
    """The plans of an operation's bodies and parameters. A request has one of each."""

    operation: Operation
    bodies: Plan | None
    """None for an operation without a JSON body."""
    parameters: Plan

    @property
    def main(self) -> Plan:
        """The plan by whose choices failures are narrowed: that of the bodies, if there is one."""
        return self.parameters if self.bodies is None else self.bodies

    @property
    def size(self) -> int:
        """How many requests try everything; none if no valid one can be made."""
        if not self.parameters.bodies:
            return 0
        return 0 if not self.main.bodies else max(len(self.main.bodies), len(self.parameters.bodies))

    @property
    def plainest(self) -> Request | None:
        """A request without a body, with as few parameters as can be; None if no valid one can be made."""
        bodies = self.parameters.bodies
        return make_request(self.operation, min(bodies, key=_length).body) if bodies else None

    def requests(self) -> Iterator[tuple[Request, PlannedBody | None]]:
        """The requests, each with that of its parts which tries choices of the main plan for the first time."""
        for number in range(self.size):
            parameters = self.parameters.bodies[number % len(self.parameters.bodies)]
            request = make_request(self.operation, parameters.body)
            if self.bodies is None:
                yield request, parameters
            else:
                body = self.bodies.bodies[number % len(self.bodies.bodies)]
                yield with_body(request, body.text.encode(), self.operation.json_media_type), body

    def cut(self, size: int) -> OperationPlan:
        """The plan with its first requests alone."""
        bodies = self.bodies and cut_plan(self.bodies, size)
        return replace(self, bodies=bodies, parameters=cut_plan(self.parameters, size))


def plan_operation(  # noqa: PLR0913 - what a plan depends on
    contract: Contract,
    operation: Operation,
    *,
    all_known_names: bool,
    seed: int = 0,
    limits: Limits = FREE,
    thorough: bool = False,
) -> OperationPlan:
    """Makes the plan of an operation. The same arguments make the same one."""
    parameters = plan_parameters(contract, operation, all_known_names=all_known_names, seed=seed, limits=limits)
    if operation.body is None:
        return OperationPlan(operation, None, parameters)
    bodies = make_plan(
        contract,
        operation.body,
        all_known_names=all_known_names,
        seed=seed,
        limits=limits,
        examples=_own_examples(contract, operation, limits),
        thorough=thorough,
    )
    return OperationPlan(operation, bodies, parameters)


def _own_examples(contract: Contract, operation: Operation, limits: Limits) -> list[Json]:
    """The spec's examples of a request's body, with the target's own values in place of those that are withheld."""
    is_valid = contract.request_validator(operation.body or "").is_valid
    return [with_own_values(each, limits.data, is_valid) for each in contract.request_examples(operation)]


def _length(planned: PlannedBody) -> int:
    return len(planned.text)
