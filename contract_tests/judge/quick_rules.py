"""The rules about an operation, judged on many exchanges in little time.

Most rules only tell which fields are equal, now or in an earlier exchange. Their outcome is remembered by that, so CEL
evaluates them once for many exchanges.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from contract_tests.contract.rules import Rule, Values
    from spec.expressions import Expression, Function
    from spec.fields import OwnCall
    from spec.json_value import Json

_DIRECT: Final = 2
"""How many names a field has that stands in a body itself."""
_REMEMBERED: Final = 4096
"""Of how many sets of values the outcome is remembered."""


class _Outcome(NamedTuple):
    """The outcome of the rules that only compare fields, for all values of which the same are equal."""

    kept: tuple[str, ...]
    is_broken: bool
    pending: tuple[tuple[Rule, OwnCall | None], ...]
    """The rules that have something to say, and do more than to compare; each with the call that is all it says."""


class _Fields:
    """Fields that rules name, in an order of their own."""

    def __init__(self, fields: Iterable[tuple[str, ...]]) -> None:
        by_place = {"request": list[str](), "response": list[str]()}
        self._deeper: list[tuple[str, ...]] = []
        for names in fields:
            if len(names) == _DIRECT and names[0] in by_place:
                by_place[names[0]].append(names[1])
            else:
                self._deeper.append(names)
        self._sent, self._received = by_place.values()

    def of(self, values: Values) -> Iterator[Json]:
        """The values of the fields, where both bodies are objects."""
        request, response = values.request, values.response
        return chain(map(request.get, self._sent), map(response.get, self._received), map(values.field, self._deeper))


class QuickRules:
    """The rules about an operation."""

    def __init__(self, rules: Sequence[Rule], functions_of: Callable[[Rule], Mapping[str, Function]]) -> None:
        self._rules = rules
        self._functions = {rule.name: functions_of(rule) for rule in rules}
        past = {call: rule.name for rule in rules for each in _compared(rule) for call in each.calls}
        self._past = [(call, self._functions[name][call.function]) for call, name in past.items()]
        variables = [each for rule in rules for expression in _compared(rule) for each in expression.variables]
        whole = dict.fromkeys(each.names for each in variables if each.need != "null")
        absent = dict.fromkeys(each.names for each in variables if each.names not in whole)
        self._compared, self._absent = _Fields([*whole]), _Fields([*absent])
        self._literals = frozenset(text for rule in rules for each in _compared(rule) for text in each.literals or ())
        self._known: dict[Hashable, _Outcome] = {}

    def judge(self, values: Values) -> tuple[str, ...] | None:
        """The names of the rules that an exchange keeps; None if it breaks one."""
        found = self._find(values)
        if found.is_broken:
            return None
        kept = found.kept
        for rule, call in found.pending:
            functions = self._functions[rule.name]
            is_kept = call.ask(functions[call.function], values.field) if call else rule.is_kept(values, functions)
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
        if not isinstance(values.request, dict) or not isinstance(values.response, dict):
            raise TypeError
        key: list[Hashable] = [value is None for value in self._absent.of(values)]
        places: dict[str, int] = {}
        for value in chain(self._compared.of(values), (call.ask(ask, values.field) for call, ask in self._past)):
            if value is None:
                key.append(None)
            elif type(value) is str and value not in self._literals:
                key.append(places.setdefault(value, len(places)))
            else:
                key.append((type(value), value))  # what cannot be hashed is not remembered
        return tuple(key)

    def _compare(self, values: Values) -> _Outcome:
        kept: list[str] = []
        pending: list[tuple[Rule, OwnCall | None]] = []
        is_broken = False
        for rule in self._rules:
            if not _only_compares(rule):
                pending += [(rule, _call_of(rule))] if self._has_say(rule, values) else []
                continue
            is_kept = rule.is_kept(values, self._functions[rule.name])
            is_broken = is_broken or is_kept is False
            kept += [rule.name] if is_kept else []
        return _Outcome(tuple(kept), is_broken, tuple(pending))

    def _has_say(self, rule: Rule, values: Values) -> bool:
        """False if the rule's `when` only compares, and is not true."""
        is_told = rule.when is not None and rule.when.literals is not None
        return not is_told or bool(rule.when and rule.when.evaluate(values.field, self._functions[rule.name]))


def _only_compares(rule: Rule) -> bool:
    return rule.holds.literals is not None and (rule.when is None or rule.when.literals is not None)


def _compared(rule: Rule) -> Iterator[Expression]:
    """The expressions of a rule that only compare."""
    yield from (each for each in (rule.when, rule.holds) if each and each.literals is not None)


def _call_of(rule: Rule) -> OwnCall | None:
    """The call of a function of ours that is all a rule says, once its `when` is true."""
    return rule.holds.only_call if rule.when is None or rule.when.literals is not None else None
