"""The changes of the keywords whose values alone show what changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scripts.drift.schemas.steps import Finding
from scripts.drift.wording import became, changed, listed
from spec.reader import ABSENT, escape, tokens

if TYPE_CHECKING:
    from scripts.drift.schemas.clauses import Clause
    from scripts.drift.schemas.demands import Demand
    from scripts.drift.schemas.sides import Sides
    from scripts.drift.schemas.steps import Sight, Steps
    from spec.json_value import Json


def simple_changes(sides: Sides, keyword: str, old: Clause, new: Clause, sight: Sight) -> Steps:
    """Yields the change of a keyword whose values alone show it."""
    lost, gained = sides.unimplied(keyword, old, new)
    is_unjudged = keyword == "unjudged" and bool(lost or gained)
    effect = sight.effect(narrower=bool(gained) or is_unjudged, wider=bool(lost) or is_unjudged)
    if not effect:
        return
    message = _words(sides, keyword, (old, lost), (new, gained))
    if is_unjudged:
        message += " The gate cannot judge this keyword: treat the change as breaking."
    yield Finding((gained or lost)[0].pointer, message, effect, _touched(keyword, [*lost, *gained]))


def _words(sides: Sides, keyword: str, before: tuple[Clause, list[Demand]], now: tuple[Clause, list[Demand]]) -> str:
    """The message for the demands of a keyword, given by both sides with those that only the side makes."""
    old, new = (some or clause.stated.get(keyword, []) for clause, some in (before, now))
    pointer = (now[1] or before[1])[0].pointer
    if keyword == "type":
        return changed(pointer, *("integer" if "type" in clause.stated else "number" for clause, _ in (before, now)))
    if keyword in {"enum", "required"}:
        return listed(pointer, *(_listed(clause.stated.get(keyword, [])) for clause, _ in (before, now)))
    values = sides.raw(sides.base, old), sides.raw(sides.new, new)
    if old and new and tokens(old[0].pointer)[-1] != tokens(new[0].pointer)[-1]:
        return became(old[0], new[0], values)
    return changed(pointer, *values)


def _touched(keyword: str, demands: list[Demand]) -> tuple[str, ...]:
    """The properties that `required` names, or nothing for other keywords."""
    if keyword != "required":
        return ()
    owners = {demand.pointer.removesuffix("/required"): demand.value for demand in demands}
    return tuple(dict.fromkeys(f"{owner}/properties/{escape(each.value)}" for owner in owners for each in demands))


def _listed(demands: list[Demand]) -> Json:
    """The members that `enum` or `required` lists, or ABSENT."""
    if not demands:
        return ABSENT
    if demands[0].keyword == "enum":
        return [json.loads(member) for demand in demands for member in demand.value]
    return [demand.value for demand in demands]
