"""From failures to causes: what one change of the server would mend.

A failure that shows only beside a graver one of the same exchange is a consequence of that. The others are causes,
told apart by what their checks tell apart. Of these, some come from one place of the server (see one_place.py) and are
one. Each failure belongs to exactly one cause.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, get_args

from msgspec import Struct

from contract_tests.judge.check import RULE
from contract_tests.judge.occurrence import NarrowedChoice, Occurrence
from contract_tests.judge.one_place import join
from contract_tests.result.terms import Gravity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contract_tests.judge.judge import Judged
    from contract_tests.judge.one_place import Group

GRAVITIES: Final[tuple[Gravity, ...]] = get_args(Gravity)
"""The gravest first."""
_EXPLAINS: Final[Mapping[Gravity, frozenset[Gravity]]] = {
    "credentials": frozenset(("response", "acceptance", "formality")),
    "crash": frozenset(GRAVITIES) - {"crash", "drift"},
    "refusal": frozenset(("response", "formality")),
    "acceptance": frozenset(("response", "formality")),
}
"""Failures of these gravities may be consequences of one of the gravity at the left, in the same exchange."""


class Cause(Struct, frozen=True):
    """One thing that is wrong with a server, with all the failures that come from it."""

    group: Group
    own: tuple[Occurrence, ...]
    """The failures that are the cause, in the order of the record."""
    consequences: tuple[Occurrence, ...]

    @property
    def key(self) -> str:
        """The identity as one text."""
        return " ".join(self.group.identity)


def find_causes(judged: Sequence[Judged], choices: Mapping[str, tuple[NarrowedChoice, ...]]) -> tuple[Cause, ...]:
    """The causes of all failures, in the order in which they show.

    `choices` has those that an exchange's failures are due to, by its id, where that was found out.
    """
    places = (index if each.place is None else each.place for index, each in enumerate(judged))
    exchanges = [_occurrences(each, place, choices) for place, each in zip(places, judged, strict=True)]
    roots = _find_roots(exchanges)
    groups = join(dict.fromkeys(roots.values()), judged)
    own: defaultdict[Group, list[Occurrence]] = defaultdict(list)
    consequences: defaultdict[Group, list[Occurrence]] = defaultdict(list)
    for each, root in roots.items():
        (own if root is each else consequences)[groups[root]].append(each)
    return tuple(Cause(group, tuple(members), tuple(consequences[group])) for group, members in own.items())


def _occurrences(judged: Judged, place: int, choices: Mapping[str, tuple[NarrowedChoice, ...]]) -> list[Occurrence]:
    due_to = choices.get(judged.exchange.id, ())
    return [Occurrence(failure, judged, place, due_to) for failure in judged.failures]


def _find_roots(exchanges: Sequence[Sequence[Occurrence]]) -> dict[Occurrence, Occurrence]:
    """Each failure with the one that it comes from: itself, or one of the same exchange."""
    explainers = {
        each: [other for other in exchange if _explains(other, each)] for exchange in exchanges for each in exchange
    }
    independent = {each.identity for each, others in explainers.items() if not others}

    def root(occurrence: Occurrence) -> Occurrence:
        if occurrence.identity in independent:
            return occurrence
        return root(min(explainers[occurrence], key=lambda other: _distance(other, occurrence)))

    return {each: root(each) for each in explainers}


def _explains(one: Occurrence, other: Occurrence) -> bool:
    """Tells whether a failure may be the reason for another of the same exchange. No circle comes of it."""
    cause, effect = one.failure, other.failure
    if cause.check in effect.same_as or effect.gravity in _EXPLAINS.get(cause.gravity, ()):
        return True
    # A rule about a field that is wrong by its schema says nothing new.
    is_rule_about_it = effect.kind == RULE != cause.kind and cause.gravity == "response"
    return is_rule_about_it and one.overlaps(other)


def _distance(cause: Occurrence, effect: Occurrence) -> tuple[bool, bool, int]:
    """How likely a failure is the reason for another: the same statement first, then the same part of the body."""
    return (
        cause.failure.pointer != effect.failure.pointer,
        not cause.overlaps(effect),
        GRAVITIES.index(cause.failure.gravity),
    )
