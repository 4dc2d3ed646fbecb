"""A difference between two specs, with the facts that its classification rests on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from scripts.drift.normal_form import BESIDE

if TYPE_CHECKING:
    from scripts.drift.comparison import Comparison, Slot
    from scripts.drift.differences import Difference, Impact
    from scripts.drift.relation import Relation
    from spec.operations import Direction, Use

Effect = Literal["wider", "narrower", "different"]
"""The effect on the data that may travel: more is allowed, less is allowed, or some is allowed and some forbidden."""

_HURT: Final[dict[Effect, set[Direction]]] = {
    "wider": {"response"},
    "narrower": {"request"},
    "different": {"request", "response"},
}


@dataclass(frozen=True)
class Classification:
    """The impact of a difference, and its message. `pointer` leads to the schema that changed as a whole, if any."""

    impact: Impact
    message: str
    pointer: str | None = None


@dataclass(frozen=True)
class Case:
    """A difference within a comparison of two specs."""

    comparison: Comparison
    difference: Difference

    @cached_property
    def slot(self) -> Slot | None:
        """The nearest schema around the difference that both specs have."""
        return self.comparison.slot(self.difference)

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """The uses of the data that the difference is about."""
        return self.comparison.uses(self.difference, self.slot)

    @cached_property
    def relation(self) -> Relation | None:
        """The relation of the schema at `slot` to the one in the base; None if it does not decide what is admitted."""
        if self.slot is None or self.difference.keyword in BESIDE or self.difference.type_name.startswith("Discrim"):
            return None
        return self.comparison.relation(self.slot)

    def is_of(self, type_name: str, *keywords: str | None) -> bool:
        """True if the difference is in one of these keywords of a node of this type; None means the node itself."""
        return self.difference.type_name == type_name and self.difference.keyword in keywords

    def classification(self, effect: Effect, message: str, pointer: str | None = None) -> Classification:
        """The classification of an effect: breaking if it hurts a user who sends or gets the data."""
        hurt = {use.direction for use in self.uses} & _HURT[effect]
        return Classification("breaking" if hurt else "compatible", message, pointer)
