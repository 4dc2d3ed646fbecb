"""The changes to the rules of a spec, which are compared by their names.

A rule speaks of responses. A new one asks more of those who serve, and gives more to those who read. One that goes, or
says something else, takes from those who read what they rely on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scripts.drift.differences import Change
from spec.document import is_for_people
from spec.expressions import same_meaning
from spec.operations import Use
from spec.reader import tokens
from spec.rules import KEYWORD, read_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scripts.drift.differences import Impact
    from spec.operations import Operation
    from spec.reader import Spec
    from spec.rules import Rule

_MORE: Final = "Servers must keep it, and readers of responses may rely on it."
_LESS: Final = "Readers of responses can no longer rely on it."
_OTHER: Final = "Servers must keep it as it is now, and readers of responses can no longer rely on it as it was."


def is_about_rules(pointer: str) -> bool:
    """True if a pointer leads to rules, or into one."""
    return KEYWORD in tokens(pointer) and is_for_people(pointer)


def compare_rules(base: Spec, spec: Spec) -> list[Change]:
    """The changes to rules since the base."""
    before, now = ({rule.name: rule for rule in read_rules(each)} for each in (base, spec))
    pairs = [_Pair(base, spec, before.get(name), now.get(name)) for name in {**now, **before}]
    return [change for pair in pairs for change in pair.changes()]


@dataclass(frozen=True)
class _Pair:
    """A rule in the base and in the spec."""

    base: Spec
    spec: Spec
    before: Rule | None
    now: Rule | None

    def changes(self) -> Iterator[Change]:
        if self.before and self.now:
            yield from self._compare(self.before, self.now)
        elif self.now:
            yield self._change("compatible", self.now, f"was added: {self.now.says}. {_MORE}")
        elif self.before:
            yield self._change("breaking", self.before, f"was removed: {self.before.says}. {_LESS}")

    def _compare(self, before: Rule, now: Rule) -> Iterator[Change]:
        if not (same_meaning(before.when, now.when) and same_meaning(before.holds, now.holds)):
            yield self._change("breaking", now, f"was changed: {now.says}. {_OTHER}")
        elif self._words(self.base, before) != self._words(self.spec, now):
            yield self._change("editorial", now, "was reworded.")
        if lost := _missing(before.operations, now.operations):
            yield self._change("breaking", now, f"no longer covers this operation. {_LESS}", lost)
        if gained := _missing(now.operations, before.operations):
            yield self._change("compatible", now, f"covers this operation now. {_MORE}", gained)

    def _words(self, spec: Spec, rule: Rule) -> tuple[str, object]:
        """The words of a rule for people: its sentence and its standing."""
        return rule.says, spec.value(rule.pointer).get("x-provenance")

    def _change(
        self, impact: Impact, rule: Rule, happened: str, operations: tuple[Operation, ...] | None = None
    ) -> Change:
        owner = rule.pointer.rpartition(f"/{KEYWORD}/")[0]
        pointer = rule.pointer if rule is self.now else f"{owner}/{KEYWORD}"
        concerned = rule.operations if operations is None else operations
        return Change(
            impact=impact,
            pointer=pointer,
            place=self.spec.place(pointer),
            message=f"Rule `{rule.name}` {happened}",
            uses=tuple(Use(operation, "response") for operation in concerned),
            operations=concerned,
            touched=(owner,),
        )


def _missing(these: Iterable[Operation], those: Iterable[Operation]) -> tuple[Operation, ...]:
    """The operations that only the first have, by their places."""
    pointers = {operation.pointer for operation in those}
    return tuple(operation for operation in these if operation.pointer not in pointers)
