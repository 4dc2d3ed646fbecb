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
from typing import TYPE_CHECKING, Final

from contract_tests.contract.direction import Direction
from contract_tests.plan.alternatives import Alternatives
from contract_tests.plan.bodies import Bodies, most_bodies
from contract_tests.plan.choices import Choice, alternatives_below
from contract_tests.plan.effort import BY_THOROUGH, FULL, Effort, effort_for
from contract_tests.plan.order import order_bodies
from contract_tests.plan.packing import BodyDraft, Plainest, PlannedBody, Untried
from contract_tests.plan.reading import Reading
from contract_tests.plan.shapes import Triples
from contract_tests.plan.undocumented import undocumented_twin
from contract_tests.target.limits import FREE
from contract_tests.target.own_values import with_own_values, without_references

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    import jsonschema_rs

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.choices import ChoicePoint
    from contract_tests.plan.medium import Medium
    from contract_tests.plan.shapes import Shapes
    from contract_tests.target.limits import Limits
    from spec.json_value import Json


_TOLD: Final = 20
"""How many choices without a body are told by name."""


@dataclass(frozen=True)
class Plan:
    """The bodies in the order in which to send them, and the choices that none of them tries."""

    bodies: tuple[PlannedBody, ...]
    shapes: Shapes = field(repr=False, compare=False)
    untried: tuple[Choice, ...] = ()
    withheld: tuple[Choice, ...] = ()
    """The choices that the target's limits, or those of the plan itself, do not allow."""
    effort: Effort = FULL
    """The limits of the plan itself."""
    whole: str = ""
    """The place of choices about all that it plans; empty for the body."""

    @cached_property
    def triples(self) -> Triples:
        """The combinations of three values of what shapes a request: how many there are, and how many bodies have."""
        triples = Triples(self.shapes)
        for body in self.bodies:
            triples.remember(body.shape)
        return triples


def make_plan(  # noqa: PLR0913 - what a plan depends on
    contract: Contract,
    pointer: str,
    *,
    all_known_names: bool,
    seed: int = 0,
    limits: Limits = FREE,
    examples: Sequence[Json] = (),
    thorough: bool = False,
    medium: Medium | None = None,
    most: int | None = None,
    has_twin: bool = True,
    direction: Direction = Direction.REQUEST,
) -> Plan:
    """Makes the plan for the schema of a body, and examples of it. The same arguments make the same plan.

    The body is that of a request, unless the direction says otherwise.

    An example that names what only an account could have is left out, unless the limits know a value for it.

    Without `all_known_names`, only the first of each list of names beside "any string" is tried. `withheld` has the
    choices that the limits do not allow. A thorough plan has all combinations of three values that shape a request.
    A `medium` that is not JSON leaves out values. Beyond `most` bodies, no combinations are made. A twin has an
    undocumented field.
    """
    effort = effort_for(contract, thorough=thorough)
    reading = Reading(
        contract, all_known_names=all_known_names, limits=limits, effort=effort, medium=medium, direction=direction
    )
    alternatives = Alternatives(reading)
    root = alternatives.of_body(pointer)
    is_valid = _tester(contract.validator_for(direction, pointer), medium)
    random = Random(seed)  # noqa: S311 - variety, not secrecy
    made = Bodies(root, random, is_valid, has_all_names=all_known_names, combines=effort.combines)
    most = (most or most_bodies(has_all_names=all_known_names, thorough=thorough)) if effort.combines else 0
    fitting = [example for example in examples if without_references(example, limits, is_valid) == example]
    owned = [with_own_values(example, limits.data, is_valid) for example in fitting]
    made.add_all(owned, most=most)
    ordered = order_bodies(made.bodies, most) if effort.combines else made.bodies  # else they are in their order
    twin = undocumented_twin(contract, pointer, ordered) if has_twin else None
    bodies = (*ordered, twin) if twin and is_valid(twin.body) else tuple(ordered)
    everything = {choice for each in alternatives_below(root) for choice in each.tries}
    tried = {choice for body in bodies for choice in body.counted}
    lost = everything - tried if bodies else set()
    impossible = reading.impossible | set(_describe_lost(lost, reading.whole))
    untried = impossible | (set() if bodies else everything | {alternatives.any_body(pointer)})
    withheld = (reading.withheld - everything) | set(_describe_effort(effort, tried, reading.whole))
    return Plan(bodies, made.shapes, tuple(sorted(untried)), tuple(sorted(withheld)), effort, reading.whole)


def _tester(validator: jsonschema_rs.Validator, medium: Medium | None) -> Callable[[Json], bool]:
    """A test of bodies: a valid one that the medium carries may be sent."""
    is_valid = validator.is_valid
    return is_valid if medium is None else lambda body: is_valid(body) and medium.carries(body)


def _describe_lost(lost: Collection[Choice], whole: str) -> Iterator[Choice]:
    """The choices as they are told where no body was made that has them: some by name, the others by their number."""
    for choice in sorted(lost)[:_TOLD]:
        yield replace(choice, reason=f"no valid request with it was made: {choice.pointer}")
    if len(lost) > _TOLD:
        more = f"{len(lost) - _TOLD} further choices"
        yield Choice(whole, more, "", "documented", reason="no valid request with them was made")


def _describe_effort(effort: Effort, tried: Collection[Choice], whole: str) -> Iterator[Choice]:
    """Tells of the combinations that a plan lacks beside many others, if there is anything to combine."""
    if not effort.combines and len({choice.place for choice in tried}) > 1:
        yield Choice(whole, "combinations of tried choices", "", "documented", reason=BY_THOROUGH)


def withhold(plan: Plan, choices: Collection[Choice]) -> Plan:
    """The plan with further choices that its limits do not allow."""
    return replace(plan, withheld=tuple(sorted({*plan.withheld, *choices}))) if choices else plan


def cut_plan(plan: Plan, bodies: int) -> Plan:
    """The plan with its first bodies alone. `untried` has the choices that it then leaves out, too."""
    kept, cut = plan.bodies[:bodies], plan.bodies[bodies:]
    lost = {choice for body in cut for choice in body.tries}
    return replace(plan, bodies=kept, untried=tuple(sorted({*plan.untried, *lost})))


def all_choices(
    contract: Contract,
    pointer: str,
    limits: Limits = FREE,
    medium: Medium | None = None,
    direction: Direction = Direction.REQUEST,
) -> ChoicePoint:
    """Reads the schema of a body, of a request if not said otherwise, as all the choices that it leaves open."""
    reading = Reading(contract, all_known_names=True, limits=limits, medium=medium, direction=direction)
    return Alternatives(reading).of_body(pointer)


def make_body(
    root: ChoicePoint,
    wanted: Collection[Choice] = (),
    known_good: Collection[Choice] = (),
    beside: Collection[Choice] = (),
) -> PlannedBody:
    """Makes a body with the wanted choices. The rest is known to work: the choices beside, or as little as can be."""
    draft = BodyDraft(Untried(root, wanted), Plainest(known_good, Untried(root, beside).worth))
    return draft.finish(draft.fill(root))
