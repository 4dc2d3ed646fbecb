"""The changes between two schemas, keyword by keyword of their normal forms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from scripts.drift.schemas.beside import beside_changes
from scripts.drift.schemas.keywords import KINDS, SIMPLE
from scripts.drift.schemas.matching import match
from scripts.drift.schemas.relation import Relation
from scripts.drift.wording import became, changed, listed, name_of, subject
from spec.reader import ABSENT, escape, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scripts.drift.effects import Effect
    from scripts.drift.schemas.clauses import Clause
    from scripts.drift.schemas.demands import Demand
    from scripts.drift.schemas.keywords import Conditional, Contains, Members, Part
    from scripts.drift.schemas.normal_form import Forms
    from spec.json_value import Json


@dataclass(frozen=True)
class Finding:
    """A change in a schema. `pointer` leads to it in the spec, or in the base if the spec no longer has it."""

    pointer: str
    message: str
    effect: Effect
    touched: tuple[str, ...] = ()
    """The pointers, in the base or the spec, whose generated code it touches, if not the pointer itself."""


@dataclass(frozen=True)
class Sight:
    """The effects at a subschema that reach the whole schema.

    `turn` is -1 where fewer values below mean more values above, as in `not`; and 0 where either may follow.
    """

    turn: Literal[-1, 0, 1] = 1
    narrower: bool = True
    wider: bool = True

    def turned(self, turn: Literal[-1, 0]) -> Sight:
        """The sight from below a keyword that turns effects."""
        return Sight(0 if turn == 0 or self.turn == 0 else 1 if self.turn == -1 else -1, self.narrower, self.wider)

    def limited(self, *, narrower: bool, wider: bool) -> Sight:
        """The sight from below a schema that can have become narrower or wider as a whole."""
        narrower, wider = self._above(narrower=narrower, wider=wider)
        return Sight(self.turn, narrower, wider)

    def effect(self, *, narrower: bool, wider: bool) -> Effect | None:
        """The effect above of an effect below; None if there is none."""
        narrower, wider = self._above(narrower=narrower, wider=wider)
        return "different" if narrower and wider else "narrower" if narrower else "wider" if wider else None

    def _above(self, *, narrower: bool, wider: bool) -> tuple[bool, bool]:
        if self.turn == 0:
            narrower = wider = narrower or wider
        if self.turn == -1:
            narrower, wider = wider, narrower
        return narrower and self.narrower, wider and self.wider


class Pair(NamedTuple):
    """Two subschemas, to be compared with the sight from there."""

    before: Part
    now: Part
    sight: Sight


Steps = Iterator[Finding | Pair]


class SchemaChanges:
    """Finds the changes between the schemas of two documents."""

    def __init__(self, base: Forms, new: Forms, is_unchanged: Callable[[str], bool] = lambda _: False) -> None:
        self.base = base
        self.new = new
        self.relation = Relation(base, new)
        self._is_unchanged = is_unchanged
        self._found: dict[tuple[tuple[Part, Part], ...], list[Finding]] = {}

    def between(self, *pairs: tuple[Part, Part]) -> list[Finding]:
        """The changes from parts of the base to parts of the spec."""
        if pairs not in self._found:
            starts = [Pair(before, now, Sight()) for before, now in pairs]
            self._found[pairs] = list(dict.fromkeys(_Walk(self).findings(starts)))
        return self._found[pairs]

    def is_same(self, before: Part, now: Part) -> bool:
        """True if both parts admit the same values, in the same words or in others."""
        return self.relation.is_same(before, now)

    def is_unchanged(self, before: Part, now: Part) -> bool:
        """True if both parts are written alike, with everything that they refer to."""
        return before == now and all(map(self._is_unchanged, now))


class _Walk:
    """One walk through two schemas, which visits each pair of subschemas once.

    A step is a finding, or a pair of subschemas to compare later. So no nesting is too deep for Python's stack.
    """

    def __init__(self, changes: SchemaChanges) -> None:
        self.changes = changes
        self.base, self.new, self.relation = changes.base, changes.new, changes.relation

    def findings(self, starts: list[Pair]) -> Iterator[Finding]:
        """Yields the changes between pairs of parts, and between all pairs below."""
        waiting = [*starts]
        seen = {*waiting}
        while waiting:
            for step in self.compare(*waiting.pop()):
                if isinstance(step, Finding):
                    yield step
                elif (pair := self.canonical(step)) not in seen:
                    seen.add(pair)
                    waiting.append(pair)

    def canonical(self, pair: Pair) -> Pair:
        """The pair, or one for all pairs of references that lead to the same two schemas of one name."""
        before, now = self.base.canonical(pair.before), self.new.canonical(pair.now)
        return Pair(before, now, pair.sight) if before == now else pair

    def compare(self, before: Part, now: Part, sight: Sight) -> Steps:
        """Yields the changes from one part to another."""
        if self.changes.is_unchanged(before, now):
            return
        if not before or not now or not self.base.of(before) or not self.new.of(now):
            yield from self.whole(before, now, sight)
            return
        seen = sight.limited(**self.effects(before, now))
        matched = match(self.relation, self.base.of(before), self.new.of(now))
        yield from self.alternatives(before, now, matched.lost, matched.gained, seen)
        for old, new in matched.pairs:
            yield from self.clauses(old, new, seen)

    def effects(self, before: Part, now: Part) -> dict[str, bool]:
        """The effects that replacing one part by another has."""
        return {
            "narrower": not self.relation.implies(before, now),
            "wider": not self.relation.reverse.implies(now, before),
        }

    def whole(self, before: Part, now: Part, sight: Sight, pointer: str | None = None) -> Steps:
        """Yields the change of a subschema that was added, removed or replaced as a whole."""
        effect = sight.effect(**self.effects(before, now))
        pointer = pointer or (now or before)[0]
        if effect:
            old, new = (self.base.value(before[0]) if before else ABSENT), (self.new.value(now[0]) if now else ABSENT)
            yield Finding(pointer, changed(pointer, old, new), effect)

    def alternatives(self, before: Part, now: Part, lost: list[Clause], gained: list[Clause], sight: Sight) -> Steps:
        """Yields the change of the alternatives that only one of two parts has."""
        lost = [clause for clause in lost if not self.relation.is_admitted(clause, now)]
        gained = [clause for clause in gained if not self.relation.reverse.is_admitted(clause, before)]
        effect = sight.effect(narrower=bool(lost), wider=bool(gained))
        if not effect:
            return
        types = _types(self.base.of(before)), _types(self.new.of(now))
        origins = [clause.origin for clause in [*gained, *lost] if clause.origin]
        pointer = origins[0] if origins else now[0]
        name = name_of(now[0]) or "the schema"
        if types[0] != types[1]:
            yield Finding(pointer, _type_words(name, *types), effect)
            return
        for clause in [*gained, *lost]:
            verb, one = ("more", "wider") if clause in gained else ("fewer", "narrower")
            effect = sight.effect(narrower=one == "narrower", wider=one == "wider")
            if effect:
                yield Finding(clause.origin or now[0], f"`{name}` admits {verb} values now.", effect)

    def clauses(self, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the changes from one clause to another."""
        for keyword in dict.fromkeys([*new.stated, *old.stated]):
            if keyword in SIMPLE:
                yield from self.simple(keyword, old, new, sight)
        for keyword, compare in _STRUCTURED.items():
            if keyword in old.stated or keyword in new.stated:
                yield from compare(self, old, new, sight)
        for pointer, message, effect in beside_changes(self.base, self.new, old.sources, new.sources):
            yield Finding(pointer, message, effect)

    def unimplied(self, keyword: str, old: Clause, new: Clause) -> tuple[list[Demand], list[Demand]]:
        """The demands of a keyword that only the base makes, and those that only the spec makes."""
        lost = [each for each in old.stated.get(keyword, ()) if not self.relation.reverse.demand_implied(new, each)]
        gained = [each for each in new.stated.get(keyword, ()) if not self.relation.demand_implied(old, each)]
        return lost, gained

    def simple(self, keyword: str, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the change of a keyword whose values alone show it."""
        lost, gained = self.unimplied(keyword, old, new)
        is_unjudged = keyword == "unjudged" and bool(lost or gained)
        effect = sight.effect(narrower=bool(gained) or is_unjudged, wider=bool(lost) or is_unjudged)
        if not effect:
            return
        message = self.words(keyword, (old, lost), (new, gained))
        if is_unjudged:
            message += " The gate cannot judge this keyword: treat the change as breaking."
        yield Finding((gained or lost)[0].pointer, message, effect, self.touched(keyword, [*lost, *gained]))

    def words(self, keyword: str, before: tuple[Clause, list[Demand]], now: tuple[Clause, list[Demand]]) -> str:
        """The message for the demands of a keyword, given by both sides with those that only the side makes."""
        old, new = (some or clause.stated.get(keyword, []) for clause, some in (before, now))
        pointer = (now[1] or before[1])[0].pointer
        if keyword == "type":
            return changed(
                pointer, *("integer" if "type" in clause.stated else "number" for clause, _ in (before, now))
            )
        if keyword in {"enum", "required"}:
            return listed(pointer, *(_listed(clause.stated.get(keyword, [])) for clause, _ in (before, now)))
        values = self.raw(self.base, old), self.raw(self.new, new)
        if old and new and tokens(old[0].pointer)[-1] != tokens(new[0].pointer)[-1]:
            return became(old[0], new[0], values)
        return changed(pointer, *values)

    def raw(self, forms: Forms, demands: list[Demand]) -> Json:
        """The value of the first demand, as its keyword states it."""
        return forms.value(demands[0].pointer) if demands else ABSENT

    def touched(self, keyword: str, demands: list[Demand]) -> tuple[str, ...]:
        """The properties that `required` names, or nothing for other keywords."""
        if keyword != "required":
            return ()
        owners = {demand.pointer.removesuffix("/required"): demand.value for demand in demands}
        return tuple(dict.fromkeys(f"{owner}/properties/{escape(each.value)}" for owner in owners for each in demands))

    def members(self, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the changes of an object's properties."""
        before, now = old.members, new.members
        for name in {**now.names, **before.names}:
            if name in before.names and name in now.names:
                yield Pair(before.of(name), now.of(name), sight)
            elif name in now.names:
                yield from self.added(name, before, now, sight)
            else:
                yield from self.removed(name, before, now, sight)
        for pattern in {**now.patterns, **before.patterns}:
            yield from self.pattern(pattern, before, now, sight)
        for some in {**now.rest, **before.rest}:
            if some in before.rest and some in now.rest:
                yield Pair(before.rest[some], now.rest[some], sight)
            else:
                yield from self.whole(before.unmatched(some), now.unmatched(some), sight)

    def added(self, name: str, before: Members, now: Members, sight: Sight) -> Steps:
        """Yields a new property. It is news where no other property was allowed, and a limit where one was limited."""
        pointer = now.names[name][0]
        if self.base.is_anything(before.of(name)) and self.new.of(now.of(name)):
            yield Finding(pointer, subject(pointer, "was added"), "harmless")
        elif self.base.of(before.of(name)):
            yield Pair(before.of(name), now.of(name), sight)
        elif self.new.of(now.of(name)):
            effect = sight.effect(narrower=False, wider=True) or "harmless"
            yield Finding(pointer, subject(pointer, "was added"), effect)

    def removed(self, name: str, before: Members, now: Members, sight: Sight) -> Steps:
        """Yields a removed property, which those who send it miss too."""
        pointer = before.names[name][0]
        if self.new.of(now.of(name)) and not self.new.is_anything(now.of(name)):
            yield Pair(before.of(name), now.of(name), sight)
        elif self.base.of(before.of(name)):
            yield Finding(pointer, subject(pointer, "was removed"), "different")
        else:
            yield from self.whole(before.of(name), now.of(name), sight, pointer)

    def pattern(self, pattern: str, before: Members, now: Members, sight: Sight) -> Steps:
        """Yields the change of the properties that match a pattern."""
        if pattern in before.patterns and pattern in now.patterns:
            yield Pair(before.patterns[pattern], now.patterns[pattern], sight)
            return
        old, new = (
            side.patterns.get(pattern, ()) + (() if pattern in side.patterns else side.unmatched(frozenset()))
            for side in (before, now)
        )
        is_freed = any(side.rest for side in (before, now))
        effects = self.effects(old, new)
        if is_freed:
            effects = {"narrower": True, "wider": True}
        effect = sight.effect(**effects)
        if effect:
            pointer = (now if pattern in now.patterns else before).patterns[pattern][0]
            values = [
                forms.value(pointer) if pattern in side.patterns else ABSENT
                for forms, side in ((self.base, before), (self.new, now))
            ]
            yield Finding(pointer, changed(pointer, *values), effect)

    def elements(self, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the changes of an array's items."""
        before, now = old.elements, new.elements
        for index in range(max(len(before.prefix), len(now.prefix)) + 1):
            yield Pair(before.of(index), now.of(index), sight)

    def names(self, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the changes of `propertyNames`."""
        yield Pair(old.only("propertyNames") or (), new.only("propertyNames") or (), sight)

    def content(self, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the changes of `contentSchema`."""
        yield Pair(old.only("contentSchema") or (), new.only("contentSchema") or (), sight)

    def by_name(self, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the changes of `dependentSchemas`."""
        before, now = (clause.only("dependentSchemas") or {} for clause in (old, new))
        for name in {**now, **before}:
            yield Pair(before.get(name, ()), now.get(name, ()), sight)

    def paired(self, keyword: str, old: Clause, new: Clause) -> tuple[Any, Any] | None:
        """The values of a keyword that both clauses state once."""
        sides = [clause.stated.get(keyword, []) for clause in (old, new)]
        return (sides[0][0].value, sides[1][0].value) if len(sides[0]) == len(sides[1]) == 1 else None

    def unpaired(self, keyword: str, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the change of a keyword that the clauses do not both state once."""
        lost, gained = self.unimplied(keyword, old, new)
        effect = sight.effect(narrower=bool(gained), wider=bool(lost))
        if effect:
            pointer = (gained or lost)[0].pointer
            yield Finding(pointer, changed(pointer, self.raw(self.base, lost), self.raw(self.new, gained)), effect)

    def contains(self, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the changes of `contains` and its bounds. Below an upper bound, directions turn."""
        pair = self.paired("contains", old, new)
        if pair is None:
            yield from self.unpaired("contains", old, new, sight)
            return
        before, now = pair
        has_most = before.most is not None or now.most is not None
        has_least = bool(before.least or now.least)
        inner = sight if not has_most else sight.turned(0) if has_least else sight.turned(-1)
        yield Pair(before.part, now.part, inner)
        yield from self.bounds(before, now, sight)

    def bounds(self, before: Contains, now: Contains, sight: Sight) -> Steps:
        """Yields the changes of `minContains` and `maxContains`."""
        owner = now.part[0].removesuffix("/contains")
        infinite = float("inf")
        mosts = [infinite if side.most is None else side.most for side in (before, now)]
        for keyword, rise in (("minContains", now.least - before.least), ("maxContains", mosts[0] - mosts[1])):
            if rise and not isnan(rise):  # as for two bounds without a limit
                effect = sight.effect(narrower=rise > 0, wider=rise < 0)
                values = [
                    forms.value(f"{side.part[0].removesuffix('/contains')}/{keyword}")
                    for forms, side in ((self.base, before), (self.new, now))
                ]
                if effect:
                    yield Finding(f"{owner}/{keyword}", changed(f"{owner}/{keyword}", *values), effect)

    def negation(self, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the changes of `not`, below which directions turn."""
        pair = self.paired("not", old, new)
        if pair:
            yield Pair(*pair, sight.turned(-1))
        else:
            yield from self.unpaired("not", old, new, sight)

    def condition(self, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the changes of `if`, below which directions turn either way, and of `then` and `else`."""
        pair: tuple[Conditional, Conditional] | None = self.paired("if", old, new)
        if pair is None:
            yield from self.unpaired("if", old, new, sight)
            return
        before, now = pair
        yield Pair(before.condition, now.condition, sight.turned(0))
        yield Pair(before.then, now.then, sight)
        yield Pair(before.otherwise, now.otherwise, sight)

    def choice(self, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the changes of a `oneOf` whose branches overlap: a value must fit no second one."""
        yield from self.branches("oneOf", old, new, sight, sight.turned(0))

    def union(self, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the changes of an `anyOf` with more branches than are multiplied out."""
        yield from self.branches("anyOf", old, new, sight, sight)

    def branches(self, keyword: str, old: Clause, new: Clause, sight: Sight, inner: Sight) -> Steps:
        """Yields the changes of branches: those of both sides by pairs, then those of one side."""
        pair = self.paired(keyword, old, new)
        if pair is None:
            yield from self.unpaired(keyword, old, new, sight)
            return
        lost, gained = self.relation.unmatched(*pair)
        for before, now in zip(lost, gained, strict=False):
            yield Pair(before, now, inner)
        common = min(len(lost), len(gained))
        for branch in [*gained[common:], *lost[common:]]:
            effect = inner.effect(narrower=branch in lost, wider=branch in gained)
            if effect:
                verb = "was added" if branch in gained else "was removed"
                yield Finding(branch[0], subject(branch[0], verb), effect)


_STRUCTURED: Final[dict[str, Callable[[_Walk, Clause, Clause, Sight], Steps]]] = {
    "properties": _Walk.members,
    "items": _Walk.elements,
    "propertyNames": _Walk.names,
    "contentSchema": _Walk.content,
    "dependentSchemas": _Walk.by_name,
    "contains": _Walk.contains,
    "not": _Walk.negation,
    "if": _Walk.condition,
    "oneOf": _Walk.choice,
    "anyOf": _Walk.union,
}


def _listed(demands: list[Demand]) -> Json:
    """The members that `enum` or `required` lists, or ABSENT."""
    if not demands:
        return ABSENT
    if demands[0].keyword == "enum":
        return [json.loads(member) for demand in demands for member in demand.value]
    return [demand.value for demand in demands]


def _types(form: Iterable[Clause]) -> tuple[str, ...]:
    """The names of the types that a form admits, in a fixed order."""
    whole = {clause.kind for clause in form} - {clause.kind for clause in form if "type" not in clause.stated}
    admitted = {clause.kind for clause in form}
    return tuple("integer" if kind in whole else kind for kind in KINDS if kind in admitted)


def _type_words(name: str, before: tuple[str, ...], now: tuple[str, ...]) -> str:
    if {*before} ^ {*now} == {"null"}:
        return f"`{name}` {'may be null now' if 'null' in now else 'may no longer be null'}."
    old, new = ("any" if len(each) == len(KINDS) else " or ".join(each) for each in (before, now))
    return f"The type of `{name}` changed from {old} to {new}."
