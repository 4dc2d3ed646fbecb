"""Makes the bodies of a plan, one after the other."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from contract_tests.plan.choices import NOWHERE, alternatives_below
from contract_tests.plan.order import order_bodies
from contract_tests.plan.packing import BodyDraft, Fullest, Newest, Plainest, PlannedBody, Untried
from contract_tests.plan.shapes import Shapes, Triples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from random import Random

    from contract_tests.plan.choices import Choice, ChoicePoint
    from contract_tests.plan.packing import Picks
    from spec.json_value import Json

    _Member = tuple[Choice, ...]
    """A member of an enumeration, in each of the items of an array that may have it."""

_MOST: Final = 50
"""How many bodies a plan may have before it stops to combine tried choices anew."""
_MOST_WITH_ALL_NAMES: Final = 140
_FULL: Final = 2_000
"""How many bodies a plan has at the most, of whatever kind."""
_LARGEST: Final = 8_000_000
"""How many characters they may have together. The next body is not made then."""
_MOST_LOST: Final = 100
"""How many choices get bodies of their own after they were in bodies that are not valid."""
_FOR_TRIPLES: Final = 4
"""How many bodies are spent on combinations of three where the long lists take most of them."""
_UNTRIED: Final = 20
"""How many new combinations each point of an untried choice's worth is worth."""


def most_bodies(*, has_all_names: bool, thorough: bool) -> int | None:
    """How many bodies a plan may have, if as many try all its choices; None for any number."""
    return None if thorough else _MOST_WITH_ALL_NAMES if has_all_names else _MOST


class Bodies:
    """The bodies of a plan in the making. `is_valid` tells of a body whether it may be sent."""

    def __init__(
        self,
        root: ChoicePoint,
        random: Random,
        is_valid: Callable[[Json], bool],
        *,
        has_all_names: bool,
        combines: bool = True,
    ) -> None:
        self.bodies: list[PlannedBody] = []
        self.shapes = Shapes(root if combines else NOWHERE)
        self._root = root
        self._random = random
        self._is_valid = is_valid
        self._untried = Untried(root)
        # Where tried choices are not combined, bodies have as little beside the untried ones as can be.
        self._newest = Newest(random, self._untried.choices) if combines else None
        self._otherwise: Picks = self._newest or Plainest(_every_choice(root), Counter())
        self._may_be_refused = {choice for choice in self._untried.choices if choice.may_be_refused}
        self._untried.try_out(self._may_be_refused)
        self._has_all_names = has_all_names
        self._size = 0
        self._triples = self._new_triples()
        self._beside: dict[Choice, set[Choice]] = {}
        """For each branch's mark, the choices that bodies have beside it."""

    def add_all(self, examples: Sequence[Json], *, most: int | None) -> None:
        """Adds bodies for every choice, then for combinations of tried ones, up to `most`."""
        self._add_plain(examples)
        self._add_for_choices()
        self._add_for_choices_that_may_be_refused()
        self._add_for_lost_choices()
        self._leave_out_needless()
        enough = len(self.bodies) + _FOR_TRIPLES
        self._add_for_triples(enough if self._has_all_names and most is not None else most)
        if self._has_all_names and most != 0:
            self._add_for_pairs(most)

    def _add_plain(self, examples: Sequence[Json]) -> None:
        """Adds the plainest body, and the spec's examples: many callers send such, and no other body is like them."""
        plain = BodyDraft(Untried(self._root, ()), Plainest(_every_choice(self._root), Counter()), self.shapes.bit)
        self._untried.try_out(self._add(plain).counted)
        self.bodies += (PlannedBody(each, json.dumps(each), ()) for each in examples if self._is_valid(each))

    def _add_for_choices(self) -> None:
        """Adds bodies until every choice is tried, or none that is left can be."""
        left = len(self._untried.choices) + 1
        while 0 < len(self._untried.choices) < left and not self.is_full:
            left = len(self._untried.choices)
            if self.shapes.values:
                self._add(self._draft(self._triples.shape(self._random, self._worth())))
            if len(self._untried.choices) == left:
                self._add(self._draft())

    def _add_for_choices_that_may_be_refused(self) -> None:
        """Adds bodies for these alone: a refusal then says nothing of other choices."""
        left = set(self._may_be_refused)
        while left and not self.is_full:
            draft = BodyDraft(Untried(self._root, left), self._otherwise, self.shapes.bit)
            done = left.intersection(self._add(draft).counted)
            if not done:
                return
            left -= done

    def _add_for_lost_choices(self) -> None:
        """Adds bodies for choices that only bodies had that are not valid, each with as little or as much as can be."""
        tried = {choice for body in self.bodies for choice in body.counted}
        exact = {choice: each.tries_exactly for each in alternatives_below(self._root) for choice in each.tries}
        for choice in sorted(choice for choice in exact if choice not in tried)[:_MOST_LOST]:
            if choice in tried or self.is_full:
                continue
            for otherwise in (Plainest(tried, Counter()), Fullest()):
                draft = BodyDraft(Untried(self._root, {choice, *exact[choice]}), otherwise, self.shapes.bit)
                body = self._add(draft)
                if choice in body.counted and self.bodies and self.bodies[-1] is body:
                    tried.update(body.counted)
                    break

    @property
    def is_full(self) -> bool:
        """True if the bodies are as many, or as large, as those of a plan may be."""
        return len(self.bodies) >= _FULL or self._size > _LARGEST

    def _leave_out_needless(self) -> None:
        """Leaves out bodies whose choices others try: combinations are made in their place."""
        self.bodies = list(order_bodies(self.bodies, most=0))
        self._triples = self._new_triples()
        for body in self.bodies:
            self._triples.remember(0 if body.may_be_refused else body.shape)

    def _new_triples(self) -> Triples:
        return Triples(self.shapes, favours_pairs=not self._has_all_names)

    def _worth(self) -> list[int]:
        """The worth of each value of a factor by the choices that are left to try with it."""
        worth = [0] * len(self.shapes.values)
        for alternative, bit in self.shapes.bit.items():
            index = bit.bit_length() - 1
            worth[index] = max(worth[index], _UNTRIED * self._untried.worth[alternative])
        return worth

    def _add_for_triples(self, most: int | None) -> None:
        while (
            (most is None or len(self.bodies) < most)
            and not self.is_full
            and (wanted := self._triples.shape(self._random))
        ):
            made = self._add(self._draft(wanted))
            self._triples.give_up(wanted & ~made.shape)

    def _add_for_pairs(self, most: int | None) -> None:
        """Adds bodies that bring together two choices that no body before had: a branch, and a member elsewhere.

        Where their number is limited, any item of an array will do for the member.
        """
        pairs = _telling_pairs(self._root, in_any_item=most is not None)
        self._beside = {mark: set() for mark, _ in pairs}
        for body in self.bodies:
            self._note_beside(body)
        for mark, member in pairs:
            if self.is_full or (most is not None and len(self.bodies) >= most):
                return
            if not self._met(mark, member):
                self._add_for_pair(mark, member, [other for one, other in pairs if one == mark])

    def _met(self, mark: Choice, member: _Member) -> bool:
        """Tells whether a body has the mark and the member. One that was left out has nothing."""
        return not self._beside[mark].isdisjoint(member)

    def _note_beside(self, body: PlannedBody) -> None:
        takes = frozenset(body.takes)
        for mark in takes & self._beside.keys():
            self._beside[mark] |= takes

    def _add_for_pair(self, mark: Choice, member: _Member, members: Iterable[_Member]) -> None:
        """Adds a body with a pair, and as many more of the branch's members as fit."""
        others = [other for other in members if other != member and not self._met(mark, other)]
        spread = (other[number % len(other)] for number, other in enumerate(others, 1))  # over the items of arrays
        first = frozenset({mark, member[0]})
        draft = BodyDraft(Untried(self._root, {*first, *spread}, first=first), self._otherwise, self.shapes.bit)
        value = draft.fill(self._root)
        if draft.takes.issuperset(first):
            self._keep(draft, value)
            self._note_beside(self.bodies[-1])

    def _draft(self, wanted: int = 0) -> BodyDraft:
        return BodyDraft(self._untried, self._otherwise, self.shapes.bit, wanted)

    def _add(self, draft: BodyDraft) -> PlannedBody:
        return self._keep(draft, draft.fill(self._root))

    def _keep(self, draft: BodyDraft, value: Json) -> PlannedBody:
        """Notes what a body has, and keeps it if it is valid."""
        body = draft.finish(value)
        if not body.may_be_refused:
            if self._newest:
                self._newest.remember(draft.taken)
            self._triples.remember(body.shape)
        if self._is_valid(body.body):
            self.bodies.append(body)
            self._size += len(body.text)
        return body


def _every_choice(root: ChoicePoint) -> set[Choice]:
    """All choices of a request, as they count and at their very places."""
    return {choice for each in alternatives_below(root) for choice in (*each.tries, *each.tries_exactly)}


def _telling_pairs(root: ChoicePoint, *, in_any_item: bool) -> list[tuple[Choice, _Member]]:
    """Each branch with each other branch, then with each member of an enumeration elsewhere."""
    members: defaultdict[Choice, list[Choice]] = defaultdict(list)
    for choice in sorted(choice for choice in Untried(root).choices if choice.is_member):
        members[choice.in_any_item if in_any_item else choice].append(choice)
    marks = sorted(set(_branch_marks(root)))
    pairs = [(mark, (*same,)) for mark in marks for same in members.values() if mark.place != same[0].place]
    return sorted(pairs, key=lambda pair: (pair[1][0] not in marks, pair[1][0].is_known_name))


def _branch_marks(point: ChoicePoint) -> Iterator[Choice]:
    """The tags of the branches below a choice point."""
    for alternative in point.alternatives:
        if alternative.choice is None and len(point.alternatives) > 1:
            yield from (mark for mark in alternative.marks if mark.tells_branch)
        for inner in alternative.points:
            yield from _branch_marks(inner)
