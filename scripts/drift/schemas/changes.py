"""The changes between two schemas, keyword by keyword of their normal forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.drift.schemas.beside import beside_changes
from scripts.drift.schemas.keywords import KINDS, SIMPLE
from scripts.drift.schemas.matching import match
from scripts.drift.schemas.relation import Relation
from scripts.drift.schemas.sides import Sides
from scripts.drift.schemas.simple import simple_changes
from scripts.drift.schemas.steps import Finding, Pair, Sight
from scripts.drift.schemas.structured import STRUCTURED
from scripts.drift.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scripts.drift.schemas.clauses import Clause
    from scripts.drift.schemas.keywords import Part
    from scripts.drift.schemas.normal_form import Forms
    from scripts.drift.schemas.steps import Steps


class SchemaChanges:
    """Finds the changes between the schemas of two documents."""

    def __init__(self, base: Forms, new: Forms, is_unchanged: Callable[[str], bool] = lambda _: False) -> None:
        self.sides = Sides(Relation(base, new))
        self._is_unchanged = is_unchanged
        self._found: dict[tuple[tuple[Part, Part], ...], list[Finding]] = {}

    def between(self, *pairs: tuple[Part, Part]) -> list[Finding]:
        """The changes from parts of the base to parts of the spec."""
        if pairs not in self._found:
            starts = [Pair(before, now, Sight()) for before, now in pairs]
            self._found[pairs] = list(dict.fromkeys(self._findings(starts)))
        return self._found[pairs]

    def is_same(self, before: Part, now: Part) -> bool:
        """True if both parts admit the same values, in the same words or in others."""
        return self.sides.relation.is_same(before, now)

    def _findings(self, starts: list[Pair]) -> Iterator[Finding]:
        """Yields the changes between pairs of parts, and between all pairs below."""
        waiting = [*map(self._canonical, starts)]
        seen = {*waiting}
        while waiting:
            for step in self._compare(*waiting.pop()):
                if isinstance(step, Finding):
                    yield step
                elif (pair := self._canonical(step)) not in seen:
                    seen.add(pair)
                    waiting.append(pair)

    def _canonical(self, pair: Pair) -> Pair:
        """The pair, or one for all pairs of references that lead to the same two schemas of one name."""
        before, now = self.sides.base.canonical(pair.before), self.sides.new.canonical(pair.now)
        return Pair(before, now, pair.sight) if before == now else pair

    def _compare(self, before: Part, now: Part, sight: Sight) -> Steps:
        """Yields the changes from one part to another."""
        if before == now and all(map(self._is_unchanged, now)):
            return
        if not before or not now or not self.sides.base.of(before) or not self.sides.new.of(now):
            yield from self.sides.whole(before, now, sight)
            return
        seen = sight.limited(**self.sides.effects(before, now))
        matched = match(self.sides.relation, self.sides.base.of(before), self.sides.new.of(now))
        yield from self._alternatives(before, now, matched.lost, matched.gained, seen)
        for old, new in matched.pairs:
            yield from self._clauses(old, new, seen)

    def _alternatives(self, before: Part, now: Part, lost: list[Clause], gained: list[Clause], sight: Sight) -> Steps:
        """Yields the change of the alternatives that only one of two parts has."""
        lost = [clause for clause in lost if not self.sides.relation.is_admitted(clause, now)]
        gained = [clause for clause in gained if not self.sides.relation.reverse.is_admitted(clause, before)]
        effect = sight.effect(narrower=bool(lost), wider=bool(gained))
        types = _types(self.sides.base.of(before)), _types(self.sides.new.of(now))
        name = name_of(now[0]) or "the schema"
        if effect and types[0] != types[1]:
            pointer = next((clause.origin for clause in [*gained, *lost] if clause.origin), now[0])
            yield Finding(pointer, _type_words(name, *types), effect)
            return
        more, fewer = sight.effect(narrower=False, wider=True), sight.effect(narrower=True, wider=False)
        if more:
            yield from (Finding(each.origin or now[0], f"`{name}` admits more values now.", more) for each in gained)
        if fewer:
            yield from (Finding(each.origin or now[0], f"`{name}` admits fewer values now.", fewer) for each in lost)

    def _clauses(self, old: Clause, new: Clause, sight: Sight) -> Steps:
        """Yields the changes from one clause to another."""
        for keyword in dict.fromkeys([*new.stated, *old.stated]):
            if keyword in SIMPLE:
                yield from simple_changes(self.sides, keyword, old, new, sight)
        for keyword, compare in STRUCTURED.items():
            if keyword in old.stated or keyword in new.stated:
                yield from compare(self.sides, old, new, sight)
        for pointer, message, effect in beside_changes(self.sides.base, self.sides.new, old.sources, new.sources):
            yield Finding(pointer, message, effect)


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
