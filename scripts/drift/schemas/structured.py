"""The changes of the keywords that hold schemas: their subschemas are compared next, in the direction that follows."""

from __future__ import annotations

from functools import partial
from math import isnan
from typing import TYPE_CHECKING, Final

from scripts.drift.schemas.beside import is_read_only
from scripts.drift.schemas.steps import Finding, Pair
from scripts.drift.wording import changed, subject
from spec.reader import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.drift.schemas.clauses import Clause
    from scripts.drift.schemas.keywords import Conditional, Contains, Members
    from scripts.drift.schemas.sides import Sides
    from scripts.drift.schemas.steps import Sight, Steps


def _members(sides: Sides, old: Clause, new: Clause, sight: Sight) -> Steps:
    """Yields the changes of an object's properties."""
    before, now = old.members, new.members
    for name in {**now.names, **before.names}:
        if name in before.names and name in now.names:
            yield from _now_sent(sides, name, old, new)
            yield Pair(before.of(name), now.of(name), sight)
        elif name in now.names:
            yield from _added(sides, name, before, now, sight)
        else:
            yield from _removed(sides, name, before, now, sight)
    for pattern in {**now.patterns, **before.patterns}:
        yield from _pattern(sides, pattern, before, now, sight)
    for some in {**now.rest, **before.rest}:
        if some in before.rest and some in now.rest:
            yield Pair(before.rest[some], now.rest[some], sight)
        else:
            yield from sides.whole(before.unmatched(some), now.unmatched(some), sight)


def _now_sent(sides: Sides, name: str, old: Clause, new: Clause) -> Steps:
    """Yields a required property that requests need now, for only responses have one that is `readOnly`."""
    before, now = old.members.of(name), new.members.of(name)
    if name in new.names_required and is_read_only(sides.base, before) and not is_read_only(sides.new, now):
        message = f"{subject(now[0], 'is required and no longer `readOnly`')} So requests need it too."
        yield Finding(now[0], message, "narrower")


def _added(sides: Sides, name: str, before: Members, now: Members, sight: Sight) -> Steps:
    """Yields a new property. It is news where no other property was allowed, and a limit where one was limited."""
    pointer = now.names[name][0]
    if sides.base.is_anything(before.of(name)) and sides.new.of(now.of(name)):
        yield Finding(pointer, subject(pointer, "was added"), "harmless")
    elif sides.base.of(before.of(name)):
        yield Pair(before.of(name), now.of(name), sight)
    elif sides.new.of(now.of(name)):
        effect = sight.effect(narrower=False, wider=True) or "harmless"
        yield Finding(pointer, subject(pointer, "was added"), effect)


def _removed(sides: Sides, name: str, before: Members, now: Members, sight: Sight) -> Steps:
    """Yields a removed property, which those who send it miss too."""
    pointer = before.names[name][0]
    if sides.new.of(now.of(name)) and not sides.new.is_anything(now.of(name)):
        yield Pair(before.of(name), now.of(name), sight)
    elif sides.base.of(before.of(name)):
        yield Finding(pointer, subject(pointer, "was removed"), "different")
    else:
        yield from sides.whole(before.of(name), now.of(name), sight, pointer)


def _pattern(sides: Sides, pattern: str, before: Members, now: Members, sight: Sight) -> Steps:
    """Yields the change of the properties that match a pattern."""
    if pattern in before.patterns and pattern in now.patterns:
        yield Pair(before.patterns[pattern], now.patterns[pattern], sight)
        return
    old, new = (side.patterns.get(pattern, side.unmatched(frozenset())) for side in (before, now))
    # Where other properties have demands too, a pattern takes some of them away and sets its own.
    is_freed = bool(before.rest or now.rest)
    effect = sight.effect(narrower=True, wider=True) if is_freed else sight.effect(**sides.effects(old, new))
    if effect:
        is_new = pattern in now.patterns
        pointer = (now if is_new else before).patterns[pattern][0]
        values = (ABSENT, sides.new.value(pointer)) if is_new else (sides.base.value(pointer), ABSENT)
        yield Finding(pointer, changed(pointer, *values), effect)


def _elements(_: Sides, old: Clause, new: Clause, sight: Sight) -> Steps:
    """Yields the changes of an array's items."""
    before, now = old.elements, new.elements
    for index in range(max(len(before.prefix), len(now.prefix)) + 1):
        yield Pair(before.of(index), now.of(index), sight)


def _names(_: Sides, old: Clause, new: Clause, sight: Sight) -> Steps:
    """Yields the changes of `propertyNames`."""
    yield Pair(old.only("propertyNames") or (), new.only("propertyNames") or (), sight)


def _content(_: Sides, old: Clause, new: Clause, sight: Sight) -> Steps:
    """Yields the changes of `contentSchema`."""
    yield Pair(old.only("contentSchema") or (), new.only("contentSchema") or (), sight)


def _by_name(_: Sides, old: Clause, new: Clause, sight: Sight) -> Steps:
    """Yields the changes of `dependentSchemas`."""
    before, now = (clause.only("dependentSchemas") or {} for clause in (old, new))
    for name in {**now, **before}:
        yield Pair(before.get(name, ()), now.get(name, ()), sight)


def _contains(sides: Sides, old: Clause, new: Clause, sight: Sight) -> Steps:
    """Yields the changes of `contains` and its bounds. Below an upper bound, directions turn."""
    pair = sides.paired("contains", old, new)
    if pair is None:
        yield from sides.unpaired("contains", old, new, sight)
        return
    before, now = pair
    has_most = before.most is not None or now.most is not None
    has_least = bool(before.least or now.least)
    inner = sight if not has_most else sight.turned(0) if has_least else sight.turned(-1)
    yield Pair(before.part, now.part, inner)
    yield from _bounds(sides, before, now, sight)


def _bounds(sides: Sides, before: Contains, now: Contains, sight: Sight) -> Steps:
    """Yields the changes of `minContains` and `maxContains`."""
    owner = now.part[0].removesuffix("/contains")
    infinite = float("inf")
    mosts = [infinite if side.most is None else side.most for side in (before, now)]
    for keyword, rise in (("minContains", now.least - before.least), ("maxContains", mosts[0] - mosts[1])):
        if rise and not isnan(rise):  # as for two bounds without a limit
            effect = sight.effect(narrower=rise > 0, wider=rise < 0)
            values = [
                forms.value(f"{side.part[0].removesuffix('/contains')}/{keyword}")
                for forms, side in ((sides.base, before), (sides.new, now))
            ]
            if effect:
                yield Finding(f"{owner}/{keyword}", changed(f"{owner}/{keyword}", *values), effect)


def _negation(sides: Sides, old: Clause, new: Clause, sight: Sight) -> Steps:
    """Yields the changes of `not`, below which directions turn."""
    pair = sides.paired("not", old, new)
    if pair:
        yield Pair(*pair, sight.turned(-1))
    else:
        yield from sides.unpaired("not", old, new, sight)


def _condition(sides: Sides, old: Clause, new: Clause, sight: Sight) -> Steps:
    """Yields the changes of `if`, below which directions turn either way, and of `then` and `else`."""
    pair: tuple[Conditional, Conditional] | None = sides.paired("if", old, new)
    if pair is None:
        yield from sides.unpaired("if", old, new, sight)
        return
    before, now = pair
    yield Pair(before.condition, now.condition, sight.turned(0))
    yield Pair(before.then, now.then, sight)
    yield Pair(before.otherwise, now.otherwise, sight)


def _branches(keyword: str, sides: Sides, old: Clause, new: Clause, sight: Sight) -> Steps:
    """Yields the changes of branches that overlap or are many: those of both sides by pairs, then those of one side.

    A value that fits one branch of a `oneOf` must fit no second one, so a wider branch may refuse it.
    """
    pair = sides.paired(keyword, old, new)
    if pair is None:
        yield from sides.unpaired(keyword, old, new, sight)
        return
    inner = sight.turned(0) if keyword == "oneOf" else sight
    lost, gained = sides.relation.unmatched(*pair)
    for before, now in zip(lost, gained, strict=False):
        yield Pair(before, now, inner)
    common = min(len(lost), len(gained))
    for branch in [*gained[common:], *lost[common:]]:
        effect = inner.effect(narrower=branch in lost, wider=branch in gained)
        if effect:
            verb = "was added" if branch in gained else "was removed"
            yield Finding(branch[0], subject(branch[0], verb), effect)


STRUCTURED: Final[dict[str, Callable[[Sides, Clause, Clause, Sight], Steps]]] = {
    "properties": _members,
    "items": _elements,
    "propertyNames": _names,
    "contentSchema": _content,
    "dependentSchemas": _by_name,
    "contains": _contains,
    "not": _negation,
    "if": _condition,
    "oneOf": partial(_branches, "oneOf"),
    "anyOf": partial(_branches, "anyOf"),
}
