"""Few valid requests that together try every documented choice of a request.

A choice is one way in which a valid request may differ: a member of an enumeration, a branch, an optional field that is
absent, a bound, a kind of string. The plan is made from the request's schema alone. Each body takes as many untried
choices as fit into it; where none is left to try, it combines tried ones in new pairs. Documented choices are tried
first, those that only the SDKs know next, inferred ones last, so that a plan cut short has tried what is most telling.

A covering-array library would not do: which fields a body has depends on the branches chosen above them, and those
libraries cover a flat list of parameters.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain, islice
from random import Random
from typing import TYPE_CHECKING, Any, Final

from contract_tests.plan.alternatives import Reader
from contract_tests.plan.choices import options_of
from contract_tests.plan.packing import Body, Memory, Newest, Plainest, PlannedBody, value_of
from contract_tests.target.limits import FREE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.plan.choices import Choice, Place
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
    max_bodies: int | None = None,
    limits: Limits = FREE,
    examples: Sequence[Any] = (),
) -> Plan:
    """The plan for the schema of a request body, and examples of it. The same arguments make the same plan.

    Without `all_known_names`, of each list of names beside "any string" only the first is tried. `max_bodies` cuts the
    plan short; what it then leaves out is in `untried`. What the limits do not allow is in `withheld`.
    """
    reader = Reader(contract, all_known_names=all_known_names, limits=limits)
    root = reader.place(pointer)
    memory = Memory(root)
    newest = Newest(Random(seed), memory.left)  # noqa: S311 - variety, not secrecy
    everything = frozenset(memory.left)
    is_valid = contract.validator(pointer).is_valid
    made = chain(
        _bodies_for_choices(root, memory, newest),
        _plain_bodies(root, examples),
        islice(_bodies_for_pairs(root, newest), _FOR_PAIRS),
    )
    bodies = [body for body in islice(made, max_bodies) if is_valid(body.body)]
    tried = {choice for body in bodies for choice in body.tries}
    untried = everything - tried if bodies else everything | {reader.nothing(pointer)}
    return Plan(tuple(bodies), tuple(sorted(untried)), tuple(sorted(reader.withheld - everything)))


def make_body(  # noqa: PLR0913, PLR0917 - what a body depends on
    contract: Contract,
    pointer: str,
    wanted: Collection[Choice],
    known_good: Collection[Choice],
    beside: Collection[Choice] = (),
    limits: Limits = FREE,
) -> Json:
    """A body with the wanted choices; for the rest what is known to work: what is beside, or as little as can be."""
    root = Reader(contract, all_known_names=True, limits=limits).place(pointer)
    return Body(Memory(root, wanted), Plainest(known_good, Memory(root, beside).worth)).value(root)


def make_parameters(contract: Contract, operation: Operation) -> dict[str, dict[str, Any]]:
    """A value for each parameter that a request must have, by its location and name: the first that is not empty."""
    made: dict[str, dict[str, Any]] = {}
    for parameter in operation.parameters:
        if parameter.is_required:
            values = _plain_values(contract, parameter.schema) if parameter.schema else ()
            made.setdefault(parameter.location, {})[parameter.name] = next(filter(None, values), "1")
    return made


def _plain_values(contract: Contract, pointer: str) -> Iterator[Json]:
    """The values that a schema leaves open, but for objects and arrays with choices of their own."""
    place = Reader(contract, all_known_names=False, limits=FREE).place(pointer)
    return (value_of(option) for option in place.alternatives if not option.places)


def _plain_bodies(root: Place, examples: Sequence[Any]) -> Iterator[PlannedBody]:
    """What many a caller sends, and no body full of choices is: as little as can be, and the spec's examples."""
    everything = {choice for option in options_of(root) for choice in (option.choice, option.exact) if choice}
    body = Body(Memory(root, ()), Plainest(everything, Counter()))
    yield body.finish(body.value(root))
    yield from (PlannedBody(example, (), ()) for example in examples)


def _bodies_for_choices(root: Place, memory: Memory, newest: Newest) -> Iterator[PlannedBody]:
    """Bodies until every choice is tried, or none that is left can be."""
    while memory.left:
        body = Body(memory, newest)
        value = body.value(root)
        if not body.tries:
            return
        newest.remember(body.taken)
        yield body.finish(value)


def _bodies_for_pairs(root: Place, newest: Newest) -> Iterator[PlannedBody]:
    """Bodies that bring together what none before did: each branch with what shapes the request elsewhere."""
    pairs = _telling_pairs(root)
    for pair in pairs:
        if newest.had_together(*pair):
            continue
        # As many more of the branch's pairs as fit.
        others = {other for mark, other in pairs if mark == pair[0] and not newest.had_together(mark, other)}
        body = Body(Memory(root, {*pair, *others}, first=frozenset(pair)), newest)
        value = body.value(root)
        if body.takes.issuperset(pair):
            newest.remember(body.taken)
            yield replace(body.finish(value), tries=())


def _telling_pairs(root: Place) -> list[tuple[Choice, Choice]]:
    """Each branch with each other branch, then with each member of an enumeration, then with each state of a field."""
    choices = sorted(choice for choice in Memory(root).left if choice.is_structural)
    marks = sorted(_branch_marks(root))
    pairs = [(mark, choice) for mark in marks for choice in choices if mark.place != choice.place]
    return sorted(pairs, key=lambda pair: (pair[1] not in marks, pair[1].value in {"absent", "null"}))


def _branch_marks(place: Place) -> Iterator[Choice]:
    """The tags of the branches below a place."""
    for alternative in place.alternatives:
        if alternative.choice is None and len(place.alternatives) > 1:
            yield from alternative.marks
        for inner in alternative.places:
            yield from _branch_marks(inner)
