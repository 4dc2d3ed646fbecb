"""The order of a plan's bodies: those first that reveal most faults."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from contract_tests.plan.worth import worth_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.plan.choices import Choice
    from contract_tests.plan.packing import PlannedBody


def order_bodies(bodies: Sequence[PlannedBody], most: int | None = None) -> tuple[PlannedBody, ...]:
    """The bodies, each time the one next that is worth most by what those before it do not try.

    Beyond `most`, bodies that try nothing for the first time are left out. The examples of the spec stay.
    """
    ordered: list[PlannedBody] = []
    done: set[Choice] = set()
    left = _Left(bodies)
    while (best := left.take_best()) is not None:
        tries = tuple(choice for choice in best.counted if choice not in done)
        is_example = not best.takes
        if most is None or tries or is_example or len(ordered) < most:
            ordered.append(replace(best, tries=tries))
        done.update(best.counted)
    return tuple(ordered)


class _Left:
    """Bodies that are left to order, each with the worth of what no body before it tries."""

    def __init__(self, bodies: Sequence[PlannedBody]) -> None:
        self._bodies: dict[int, PlannedBody] = dict(enumerate(bodies))
        self._worth: Counter[int] = Counter()
        self._with: defaultdict[Choice, list[int]] = defaultdict(list)
        """The numbers of the bodies that have a choice which none has that was taken."""
        for number, body in self._bodies.items():
            for choice in body.counted:
                self._with[choice].append(number)
        self._worths = {choice: worth_of(choice) for choice in self._with}
        for choice, numbers in self._with.items():
            self._worth.update(dict.fromkeys(numbers, self._worths[choice]))

    def take_best(self) -> PlannedBody | None:
        """Takes the body that is worth most; of several, the first one. None if no body is left."""
        if not self._bodies:
            return None
        best = self._bodies.pop(max(self._bodies, key=self._rank))
        for choice in best.counted:
            for number in self._with.pop(choice, ()):
                self._worth[number] -= self._worths[choice]
        return best

    def _rank(self, number: int) -> tuple[bool, int]:
        """The worth of sending a body next. One that a server may refuse comes late: a refusal proves little."""
        return not self._bodies[number].may_be_refused, self._worth[number]
