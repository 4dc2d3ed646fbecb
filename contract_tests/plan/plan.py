"""The plan: few valid bodies that together try every documented choice of a request.

A choice is one way in which a valid request may differ: a member of an enumeration, a branch, an optional field that is
absent, a bound, a kind of string. The plan is made from the request's schema alone. Each body takes as many untried
choices as fit into it; where none is left to try, it combines tried ones in new pairs. Documented choices are tried
first, those that only the SDKs know next, inferred ones last. So a plan cut short has tried the most telling ones.

A covering-array library would not do: which fields a body has depends on the branches chosen above them, and those
libraries cover a flat list of parameters.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Final

from contract_tests.plan.alternatives import Alternatives
from contract_tests.plan.choices import alternatives_below
from contract_tests.plan.packing import BodyDraft, Newest, Plainest, PlannedBody, Untried
from contract_tests.plan.undocumented import with_undocumented_twin
from contract_tests.target.limits import FREE
from contract_tests.target.own_values import with_own_values, without_references

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.choices import Choice, ChoicePoint
    from contract_tests.target.limits import Limits
    from spec.json_value import Json

_FOR_PAIRS: Final = 20
"""How many bodies are spent on pairs alone, once every choice is tried."""


@dataclass(frozen=True)
class Plan:
    """The bodies in the order in which to send them, and the choices that none of them tries."""

    bodies: tuple[PlannedBody, ...]
    untried: tuple[Choice, ...]
    withheld: tuple[Choice, ...] = ()
    """The choices that the target's limits do not allow."""


def make_plan(  # noqa: PLR0913 - what a plan depends on
    contract: Contract,
    pointer: str,
    *,
    all_known_names: bool,
    seed: int = 0,
    limits: Limits = FREE,
    examples: Sequence[Json] = (),
) -> Plan:
    """Makes the plan for the schema of a request body, and examples of it. The same arguments make the same plan.

    An example that names what only an account could have is left out, unless the limits know a value for it.

    Without `all_known_names`, only the first of each list of names beside "any string" is tried. `withheld` has the
    choices that the limits do not allow.
    """
    alternatives = Alternatives(contract, all_known_names=all_known_names, limits=limits)
    root = alternatives.of_body(pointer)
    everything = {each.choice for each in alternatives_below(root) if each.choice}
    is_valid = contract.validator(pointer).is_valid
    fitting = [example for example in examples if without_references(example, limits, is_valid) == example]
    owned = [with_own_values(example, limits.data, is_valid) for example in fitting]
    planned = _make_bodies(root, Random(seed), owned)  # noqa: S311 - variety, not secrecy
    bodies = [body for body in with_undocumented_twin(contract, pointer, planned) if is_valid(body.body)]
    tried = {choice for body in bodies for choice in body.tries}
    untried = everything - tried if bodies else everything | {alternatives.any_body(pointer)}
    return Plan(tuple(bodies), tuple(sorted(untried)), tuple(sorted(alternatives.withheld - everything)))


def cut_plan(plan: Plan, bodies: int) -> Plan:
    """The plan with its first bodies alone. `untried` has the choices that it then leaves out, too."""
    kept, cut = plan.bodies[:bodies], plan.bodies[bodies:]
    lost = {choice for body in cut for choice in body.tries}
    return replace(plan, bodies=kept, untried=tuple(sorted({*plan.untried, *lost})))


def make_body(  # noqa: PLR0913, PLR0917 - what a body depends on
    contract: Contract,
    pointer: str,
    wanted: Collection[Choice],
    known_good: Collection[Choice],
    beside: Collection[Choice] = (),
    limits: Limits = FREE,
) -> Json:
    """Makes a body with the wanted choices. The rest is known to work: the choices beside, or as little as can be."""
    root = Alternatives(contract, all_known_names=True, limits=limits).of_body(pointer)
    return BodyDraft(Untried(root, wanted), Plainest(known_good, Untried(root, beside).worth)).fill(root)


def _make_bodies(root: ChoicePoint, random: Random, examples: Sequence[Json]) -> Iterator[PlannedBody]:
    """Bodies for every choice, then plain ones, then bodies for pairs of choices."""
    untried = Untried(root)
    newest = Newest(random, untried.choices)
    yield from _bodies_for_choices(root, untried, newest)
    yield from _plain_bodies(root, examples)
    yield from islice(_bodies_for_pairs(root, newest), _FOR_PAIRS)


def _bodies_for_choices(root: ChoicePoint, untried: Untried, newest: Newest) -> Iterator[PlannedBody]:
    """Bodies until every choice is tried, or none that is left can be."""
    while untried.choices:
        draft = BodyDraft(untried, newest)
        value = draft.fill(root)
        if not draft.tries:
            return
        newest.remember(draft.taken)
        yield draft.finish(value)


def _plain_bodies(root: ChoicePoint, examples: Sequence[Json]) -> Iterator[PlannedBody]:
    """The plainest body, and the spec's examples: many callers send such, and no body full of choices is like them."""
    everything = {choice for each in alternatives_below(root) for choice in (each.choice, each.exact) if choice}
    draft = BodyDraft(Untried(root, ()), Plainest(everything, Counter()))
    yield draft.finish(draft.fill(root))
    yield from (PlannedBody(example, (), ()) for example in examples)


def _bodies_for_pairs(root: ChoicePoint, newest: Newest) -> Iterator[PlannedBody]:
    """Bodies that bring together two choices that no body before had: a branch, and a structural choice elsewhere."""
    pairs = _telling_pairs(root)
    for pair in pairs:
        if newest.had_together(*pair):
            continue
        # As many more of the branch's pairs as fit.
        others = {other for mark, other in pairs if mark == pair[0] and not newest.had_together(mark, other)}
        draft = BodyDraft(Untried(root, {*pair, *others}, first=frozenset(pair)), newest)
        value = draft.fill(root)
        if draft.takes.issuperset(pair):
            newest.remember(draft.taken)
            yield replace(draft.finish(value), tries=())


def _telling_pairs(root: ChoicePoint) -> list[tuple[Choice, Choice]]:
    """Each branch with each other branch, then with each member of an enumeration, then with each state of a field."""
    choices = sorted(choice for choice in Untried(root).choices if choice.is_structural)
    marks = sorted(_branch_marks(root))
    pairs = [(mark, choice) for mark in marks for choice in choices if mark.place != choice.place]
    return sorted(pairs, key=lambda pair: (pair[1] not in marks, pair[1].value in {"absent", "null"}))


def _branch_marks(point: ChoicePoint) -> Iterator[Choice]:
    """The tags of the branches below a choice point."""
    for alternative in point.alternatives:
        if alternative.choice is None and len(point.alternatives) > 1:
            yield from alternative.marks
        for inner in alternative.points:
            yield from _branch_marks(inner)
