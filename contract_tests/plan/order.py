"""The order of a plan's bodies: those first that reveal most faults."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contract_tests.plan.worth import worth_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from contract_tests.plan.choices import Choice
    from contract_tests.plan.packing import PlannedBody


def order_bodies(bodies: Sequence[PlannedBody], most: int | None = None) -> tuple[PlannedBody, ...]:
    """The bodies, each time the one next that is worth most by what those before it do not try.

    Beyond `most`, bodies that try nothing for the first time are left out. The examples of the spec stay.
    """
    left = list(bodies)
    ordered: list[PlannedBody] = []
    done: set[Choice] = set()
    while left:
        best = max(left, key=lambda body: _rank(body, done))
        left.remove(best)
        tries = tuple(choice for choice in best.counted if choice not in done)
        is_example = not best.takes
        if most is None or tries or is_example or len(ordered) < most:
            ordered.append(replace(best, tries=tries))
        done.update(best.counted)
    return tuple(ordered)


def _rank(body: PlannedBody, done: Collection[Choice]) -> tuple[bool, int]:
    """The worth of sending a body next. One that a server may refuse comes late: a refusal of it proves little."""
    return not body.may_be_refused, sum(worth_of(choice) for choice in body.counted if choice not in done)
