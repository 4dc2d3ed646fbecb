"""The order of a plan's bodies: those first that reveal most faults."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.contract.contract import Standing
    from contract_tests.plan.choices import Choice
    from contract_tests.plan.packing import PlannedBody

# Chosen by what `python -m contract_tests.kills --curve` prints.
_WEIGHTS: Final[dict[Standing, int]] = {"documented": 3, "sdk": 2, "inferred": 2}
_STRUCTURAL: Final = 4
"""How much more a choice is worth that shapes the request than any other."""


def order_bodies(bodies: Sequence[PlannedBody]) -> tuple[PlannedBody, ...]:
    """The bodies, each time the one next that is worth most by what those before it do not try."""
    left = list(bodies)
    ordered: list[PlannedBody] = []
    done: set[Choice] = set()
    while left:
        best = max(left, key=lambda body: sum(_worth(choice) for choice in body.counted if choice not in done))
        left.remove(best)
        tries = tuple(choice for choice in best.counted if choice not in done)
        ordered.append(replace(best, tries=tries))
        done.update(best.counted)
    return tuple(ordered)


def _worth(choice: Choice) -> int:
    return _WEIGHTS[choice.standing] * (_STRUCTURAL if choice.is_structural else 1)
