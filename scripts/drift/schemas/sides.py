"""Two documents whose schemas are compared, and what all comparisons ask of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts.drift.schemas.steps import Finding
from scripts.drift.wording import changed
from spec.reader import ABSENT

if TYPE_CHECKING:
    from scripts.drift.schemas.clauses import Clause
    from scripts.drift.schemas.demands import Demand
    from scripts.drift.schemas.keywords import Part
    from scripts.drift.schemas.normal_form import Forms
    from scripts.drift.schemas.relation import Relation
    from scripts.drift.schemas.steps import Sight, Steps
    from spec.json_value import Json


@dataclass(frozen=True)
class Sides:
    """The base and the spec."""

    relation: Relation

    @property
    def base(self) -> Forms:
        """The forms of the base."""
        return self.relation.left

    @property
    def new(self) -> Forms:
        """The forms of the spec."""
        return self.relation.right

    def effects(self, before: Part, now: Part) -> dict[str, bool]:
        """The effects that replacing one part by another has."""
        return {
            "narrower": not self.relation.implies(before, now),
            "wider": not self.relation.reverse.implies(now, before),
        }

    def unimplied(self, keyword: str, old: Clause, new: Clause) -> tuple[list[Demand], list[Demand]]:
        """The demands of a keyword that only the base makes, and those that only the spec makes."""
        lost = [each for each in old.stated.get(keyword, ()) if not self.relation.reverse.demand_implied(new, each)]
        gained = [each for each in new.stated.get(keyword, ()) if not self.relation.demand_implied(old, each)]
        return lost, gained

    def paired(self, keyword: str, old: Clause, new: Clause) -> tuple[Any, Any] | None:
        """The values of a keyword that both clauses state once."""
        sides = [clause.stated.get(keyword, []) for clause in (old, new)]
        return (sides[0][0].value, sides[1][0].value) if len(sides[0]) == len(sides[1]) == 1 else None

    def raw(self, forms: Forms, demands: list[Demand]) -> Json:
        """The value of the first demand, as its keyword states it."""
        return forms.value(demands[0].pointer) if demands else ABSENT

    def whole(self, before: Part, now: Part, sight: Sight, pointer: str | None = None) -> Steps:
        """Yields the change of a subschema that was added, removed or replaced as a whole."""
        effect = sight.effect(**self.effects(before, now))
        pointer = pointer or (now or before)[0]
        if effect:
            old, new = (self.base.value(before[0]) if before else ABSENT), (self.new.value(now[0]) if now else ABSENT)
            yield Finding(pointer, changed(pointer, old, new), effect)

    def unpaired(self, keyword: str, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the change of a keyword that the clauses do not both state once."""
        lost, gained = self.unimplied(keyword, old, new)
        effect = sight.effect(narrower=bool(gained), wider=bool(lost))
        if effect:
            pointer = (gained or lost)[0].pointer
            yield Finding(pointer, changed(pointer, self.raw(self.base, lost), self.raw(self.new, gained)), effect)
