"""The rules about an operation, judged on many exchanges in little time.

Most rules only tell which fields are equal. Their outcome is remembered by that, so CEL evaluates them once for many
exchanges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from contract_tests.contract.rules import Values

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from contract_tests.contract.rules import Rule
    from spec.expressions import Expression, Function

_REMEMBERED: Final = 4096
"""Of how many sets of values the outcome is remembered."""


class _Outcome(NamedTuple):
    """The outcome of the rules that only compare fields, for all values of which the same are equal."""

    kept: tuple[str, ...]
    is_broken: bool
    pending: tuple[Rule, ...]
    """The rules that have something to say, and do more than to compare."""


class QuickRules:
    """The rules about an operation."""

    def __init__(self, rules: Sequence[Rule], functions_of: Callable[[Rule], Mapping[str, Function]]) -> None:
        self._rules = rules
        self._functions_of = functions_of
        variables = [each for rule in rules for expression in _compared(rule) for each in expression.variables]
        self._fields = tuple(dict.fromkeys(each.names for each in variables))
        self._whole = frozenset(each.names for each in variables if each.need != "null")
        self._literals = frozenset(text for rule in rules for each in _compared(rule) for text in each.literals or ())
        self._known: dict[Hashable, _Outcome] = {}

    def judge(self, values: Values) -> tuple[str, ...] | None:
        """The names of the rules that an exchange keeps; None if it breaks one."""
        found = self._find(values)
        if found.is_broken:
            return None
        kept = found.kept
        for rule in found.pending:
            is_kept = rule.is_kept(values, self._functions_of(rule))
            if is_kept is False:
                return None
            if is_kept:
                kept = (*kept, rule.name)
        return kept

    def _find(self, values: Values) -> _Outcome:
        try:
            key = self._key(values)
            return self._known[key]
        except KeyError:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._compare(values)
            return self._known[key]
        except TypeError:  # objects and arrays cannot be remembered
            return self._compare(values)

    def _key(self, values: Values) -> Hashable:
        """The values, with the number of its first place instead of each text, as far as they decide.

        Types are among them, because 1 is not true.
        """
        key: list[Hashable] = [type(values.request), type(values.response)]
        places: dict[str, int] = {}
        for names in self._fields:
            value = values.field(names)
            if value is None or names not in self._whole:
                key.append(value is None)
            elif type(value) is str and value not in self._literals:
                key.append((places.setdefault(value, len(places)),))
            else:
                key.append((type(value), value))  # type: ignore[arg-type] # what cannot be hashed is not remembered
        return tuple(key)

    def _compare(self, values: Values) -> _Outcome:
        kept: list[str] = []
        pending: list[Rule] = []
        is_broken = False
        for rule in self._rules:
            if not _only_compares(rule):
                pending += [rule] if self._has_say(rule, values) else []
                continue
            is_kept = rule.is_kept(values, {})
            is_broken = is_broken or is_kept is False
            kept += [rule.name] if is_kept else []
        return _Outcome(tuple(kept), is_broken, tuple(pending))

    def _has_say(self, rule: Rule, values: Values) -> bool:
        """False if the rule's `when` only compares, and is not true."""
        is_told = rule.when is not None and rule.when.literals is not None
        return not is_told or bool(rule.when and rule.when.evaluate(values.field, {}))


def _only_compares(rule: Rule) -> bool:
    return rule.holds.literals is not None and (rule.when is None or rule.when.literals is not None)


def _compared(rule: Rule) -> Iterator[Expression]:
    """The expressions of a rule that only compare."""
    yield from (each for each in (rule.when, rule.holds) if each and each.literals is not None)
