"""The plan: few valid bodies that together try every documented choice of a request.

A choice is one way in which a valid request may differ: a member of an enumeration, a branch, an optional field that is
absent, a bound, a kind of string. The plan is made from the request's schema alone. Each body takes as many untried
choices as fit into it; where none is left to try, it combines tried ones in new threes and pairs. The bodies that try
most are sent first. So a plan cut short has tried the most telling choices.

A covering-array library would not do: which fields a body has depends on the branches chosen above them, and those
libraries cover a flat list of parameters.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from contract_tests.plan.alternatives import Alternatives
from contract_tests.plan.bodies import Bodies, most_bodies
from contract_tests.plan.choices import alternatives_below
from contract_tests.plan.order import order_bodies
from contract_tests.plan.packing import BodyDraft, Plainest, PlannedBody, Untried
from contract_tests.plan.shapes import Triples
from contract_tests.target.limits import FREE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.choices import Choice
    from contract_tests.plan.shapes import Shapes
    from contract_tests.target.limits import Limits
    from spec.json_value import Json


@dataclass(frozen=True)
class Plan:
    """The bodies in the order in which to send them, and the choices that none of them tries."""

    bodies: tuple[PlannedBody, ...]
    shapes: Shapes = field(repr=False, compare=False)
    untried: tuple[Choice, ...] = ()
    withheld: tuple[Choice, ...] = ()
    """The choices that the target's limits do not allow."""

    @cached_property
    def triples(self) -> Triples:
        """The combinations of three values of what shapes a request: how many there are, and how many bodies have."""
        triples = Triples(self.shapes)
        for body in self.bodies:
            triples.remember(body.shape)
        return triples

    def cut(self, most: int | None) -> Plan:
        """The plan with no more bodies than that. What the others alone try is untried."""
        if most is None or most >= len(self.bodies):
            return self
        left_out = (choice for body in self.bodies[most:] for choice in body.tries)
        return replace(self, bodies=self.bodies[:most], untried=tuple(sorted({*self.untried, *left_out})))


def make_plan(  # noqa: PLR0913 - what a plan depends on
    contract: Contract,
    pointer: str,
    *,
    all_known_names: bool,
    seed: int = 0,
    limits: Limits = FREE,
    examples: Sequence[Json] = (),
    thorough: bool = False,
) -> Plan:
    """Makes the plan for the schema of a request body, and examples of it. The same arguments make the same plan.

    Without `all_known_names`, only the first of each list of names beside "any string" is tried. `withheld` has the
    choices that the limits do not allow. A thorough plan has all combinations that others have as far as a few dozen
    bodies reach.
    """
    alternatives = Alternatives(contract, all_known_names=all_known_names, limits=limits)
    root = alternatives.of_body(pointer)
    made = Bodies(root, Random(seed), contract.validator(pointer).is_valid)  # noqa: S311 - variety, not secrecy
    most = most_bodies(has_all_names=all_known_names, thorough=thorough)
    made.add_all(examples, most=most, has_all_names=all_known_names)
    bodies = order_bodies(made.bodies, most)
    everything = {choice for each in alternatives_below(root) for choice in each.tries}
    tried = {choice for body in bodies for choice in body.counted}
    untried = everything - tried if bodies else everything | {alternatives.any_body(pointer)}
    withheld = alternatives.withheld - everything
    return Plan(bodies, made.shapes, tuple(sorted(untried)), tuple(sorted(withheld)))


def make_body(  # noqa: PLR0913, PLR0917 - what a body depends on
    contract: Contract,
    pointer: str,
    wanted: Collection[Choice],
    known_good: Collection[Choice],
    beside: Collection[Choice] = (),
    limits: Limits = FREE,
) -> PlannedBody:
    """Makes a body with the wanted choices. The rest is known to work: the choices beside, or as little as can be."""
    root = Alternatives(contract, all_known_names=True, limits=limits).of_body(pointer)
    draft = BodyDraft(Untried(root, wanted), Plainest(known_good, Untried(root, beside).worth))
    return draft.finish(draft.fill(root))
