"""The plans of an operation, one for each kind of body that it takes, and the requests that these make."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.scalars import read_scalar
from contract_tests.plan.choices import NOWHERE, Choice
from contract_tests.plan.medium import medium_of, write_body
from contract_tests.plan.packing import PlannedBody
from contract_tests.plan.parameters import plan_parameters
from contract_tests.plan.plan import Plan, cut_plan, make_plan
from contract_tests.plan.requests import make_request, with_body
from contract_tests.plan.shapes import Shapes
from contract_tests.target.limits import FREE
from contract_tests.target.own_values import with_own_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.body_codec import BodyCodec, WrittenBody
    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Content, Operation
    from contract_tests.exchange.exchange import Request
    from contract_tests.target.limits import Limits
    from spec.json_value import Json

_UNDESCRIBED: Final[dict[str, list[Json]]] = {"json": [{}], "text": ["a text"], "binary": ["bytes"]}
"""The values of bodies that the spec has neither a schema nor an example of, by their kind."""


@dataclass(frozen=True)
class OperationPlan:
    """The plans of an operation's bodies of one kind, and of its parameters. A request has one of each."""

    operation: Operation
    bodies: Plan | None
    """None for an operation without a body."""
    parameters: Plan
    content: Content | None = None
    """The kind of the bodies."""
    codec: BodyCodec | None = field(default=None, repr=False, compare=False)
    """Writes them."""
    is_further: bool = False
    """True if another plan has the main kind of body, and tries all that is not about bodies."""

    @property
    def name(self) -> str:
        """The label of the operation; with the media type, if it is not the main one."""
        label = self.operation.label
        return f"{label} with {self.content.media_type}" if self.is_further and self.content else label

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

    def write(self, value: Json, text: str | None = None) -> WrittenBody:
        """The body that stands for a value. `text` is how the plan spells it as JSON."""
        assert self.codec and self.content  # noqa: S101, PT018 - a plan with bodies has their kind
        return write_body(self.codec, self.content, value, text)

    @cached_property
    def written(self) -> tuple[WrittenBody, ...]:
        """The bodies as they are sent. Long ones take time to write, and are looked at more than once."""
        return tuple(self.write(each.body, each.text) for each in self.bodies.bodies) if self.bodies else ()

    def requests(self) -> Iterator[tuple[Request, PlannedBody | None]]:
        """The requests, each with that of its parts which tries choices of the main plan for the first time."""
        for number in range(self.size):
            parameters = self.parameters.bodies[number % len(self.parameters.bodies)]
            request = make_request(self.operation, parameters.body)
            if self.bodies is None:
                yield request, parameters
            else:
                place = number % len(self.written)
                written = self.written[place]
                yield with_body(request, written.content, written.media_type), self.bodies.bodies[place]

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
) -> list[OperationPlan]:
    """Makes the plans of an operation, one for each kind of body, the main one first. The same arguments make the same.

    The first plan has all parameters. If no body can be made, and none is required, the first plan has no bodies.
    """
    parameters = plan_parameters(contract, operation, all_known_names=all_known_names, seed=seed, limits=limits)
    bare = OperationPlan(operation, None, parameters, codec=contract.codec(read_scalar))
    plan = partial(_plan_bodies, contract, all_known_names=all_known_names, seed=seed, limits=limits, thorough=thorough)
    plans = [replace(bare, bodies=plan(content), content=content) for content in operation.contents_by_rank]
    plans.sort(key=lambda each: not each.main.bodies)
    if not (operation.is_body_required or any(each.main.bodies for each in plans)):
        plans.insert(0, bare)
    one = replace(parameters, bodies=parameters.bodies[:1])
    return [*plans[:1], *(replace(each, parameters=one, is_further=True) for each in plans[1:])]


def _plan_bodies(  # noqa: PLR0913 - what a plan depends on
    contract: Contract, content: Content, *, all_known_names: bool, seed: int, limits: Limits, thorough: bool
) -> Plan:
    """The plan of one kind of body: by its schema, or by examples where there is none that can be read."""
    medium = medium_of(contract, content)
    examples: list[Json] = [*contract.examples(content.pointer).values()]
    if content.schema is None or content.kind == "xml":
        fitting = examples or _UNDESCRIBED.get(content.kind, [])
        return _plan_examples(content, [each for each in fitting if medium is None or medium.carries(each)])
    is_valid = contract.request_validator(content.schema).is_valid
    return make_plan(
        contract,
        content.schema,
        all_known_names=all_known_names,
        seed=seed,
        limits=limits,
        examples=[with_own_values(each, limits.data, is_valid) for each in examples],
        thorough=thorough,
        medium=medium,
    )


def _plan_examples(content: Content, examples: list[Json]) -> Plan:
    bodies = tuple(PlannedBody(each, json.dumps(each), ()) for each in examples)
    wanted = "example that is a text" if content.kind == "xml" else "schema and no example"
    reason = f"the spec has no {wanted}: {content.pointer}"
    missing = Choice("", f"any of {content.media_type}", content.pointer, "documented", reason=reason)
    return Plan(bodies, Shapes(NOWHERE), () if bodies else (missing,))


def _length(planned: PlannedBody) -> int:
    return len(planned.text)
