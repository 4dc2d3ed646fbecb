"""Checks by the rules of a contract: what the spec says in `x-rules`, for accepted valid requests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from contract_tests.contract.rules import Values
from contract_tests.exchange.strict_json import MAX_INTEGER
from contract_tests.judge.before import Before
from contract_tests.judge.check import KEPT, NOT_JUDGED, RULE, Check, Problem
from spec.reader import pointer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.rules import Rule
    from contract_tests.exchange.exchange import Part
    from contract_tests.judge.check import CheckResult
    from contract_tests.judge.memory import Memory
    from contract_tests.judge.seen import Seen
    from spec.expressions import Function
    from spec.fields import Field
    from spec.json_value import Json

_READS: Final[frozenset[Part]] = frozenset(("request body", "response body"))
_CONTAINERS: Final = (dict, list)
_NUMBERS: Final = (int, float)
_SHOWN: Final = 80
"""How much of a value is shown, in characters."""


def rule_checks(contract: Contract) -> tuple[Check, ...]:
    """A check for each rule of a contract, in the order of the spec."""
    return tuple(_check(contract, rule) for rule in contract.rules)


def _check(contract: Contract, rule: Rule) -> Check:
    def ask(seen: Seen, memory: Memory) -> CheckResult:
        return _ask(rule, seen, memory)

    def concerns(operation: Operation, is_accepted: bool) -> bool:  # noqa: FBT001 - as a check declares it
        return rule.is_about(operation) and (is_accepted or rule.is_about_refusals)

    ask.__doc__ = rule.says
    standing = contract.standing(rule.pointer)
    return Check(rule.name, "record", "responses", standing, _READS, "response", False, ask, concerns)  # noqa: FBT003 - its fields


def _ask(rule: Rule, seen: Seen, memory: Memory) -> CheckResult:
    values = _values_for(rule, seen)
    if values is None:
        return NOT_JUDGED
    record = Before(rule.name, seen.operation.label, seen.exchange, memory)
    is_kept = rule.is_kept(values, _functions(record))
    if is_kept is None:
        return NOT_JUDGED
    if is_kept:
        return KEPT
    wrong = describe(rule, values)
    headline = f"{wrong or 'The response breaks a rule'}; the rule: {rule.says}"
    problem = Problem(headline, wrong, rule.pointer, earlier=record.earlier, kind=RULE, locations=_locations(rule))
    return [replace(problem, same_as=_rules_about_keys(seen.contract, rule))]


def _functions(record: Before) -> Mapping[str, Function]:
    """The functions that rules may call."""
    return {"echoes": echoes, "is_new": record.is_new, "is_known": record.is_known, "previous": record.previous}


def _values_for(rule: Rule, seen: Seen) -> Values | None:
    """The values that a rule about its operation is judged by; None where it says nothing of the exchange."""
    if rule.is_about_refusals and seen.sent.validity == "valid" and not seen.is_of_the_moment:
        return Values(seen.sent.documented_body, None, seen.status, seen.sent.parameters.values.get("path"))
    return seen.values if seen.bodies else None


def _rules_about_keys(contract: Contract, rule: Rule) -> tuple[str, ...]:
    """The rules that say a key is new by which a rule looks back: with an old one, it looks back at another thing."""
    keys = {call.fields[0] for call in rule.calls_over_time if call.function == "previous"}
    asked = ((other.name, call) for other in contract.rules if keys for call in other.holds.calls)
    return tuple(name for name, call in asked if call.function == "is_new" and call.fields[0] in keys)


def _locations(rule: Rule) -> tuple[str, ...]:
    """The fields of the response that a rule reads."""
    return tuple(pointer_of(field.names[1:]) for field in rule.fields if field.names[0] == "response")


def echoes(asked: Json, used: Json) -> bool:
    """Tells whether what was asked for comes back.

    Null may come back as a default, and fields that were not asked for may come with it.
    """
    if type(asked) is dict and type(used) is dict:
        return _all_come_back(asked.values(), map(used.get, asked))
    if type(asked) is list and type(used) is list:
        return len(asked) == len(used) and _all_come_back(asked, used)
    return asked is None or _is_same(asked, used)


def _all_come_back(asked: Iterable[Json], used: Iterable[Json]) -> bool:
    for value, other in zip(asked, used, strict=True):
        kind = type(value)
        is_same = kind is type(other) and kind not in _CONTAINERS and value == other  # told at once, as it is of most
        if not is_same and not echoes(value, other):
            return False
    return True


class Difference(NamedTuple):
    """A value that was asked for and does not come back."""

    asked: Json
    used: Json
    path: str = ""
    """Where it is: `.voice.speed`."""
    is_absent: bool = False
    """True if nothing came back at all."""

    def below(self, path: str, *, is_absent: bool = False) -> Difference:
        """The difference, seen from above."""
        return self._replace(path=f"{path}{self.path}", is_absent=self.is_absent or is_absent)


def find_difference(asked: Json, used: Json) -> Difference | None:
    """The first value that was asked for and does not come back."""
    if asked is None:
        return None
    if isinstance(asked, dict) and isinstance(used, dict):
        for name, value in asked.items():
            if difference := find_difference(value, used.get(name)):
                return difference.below(f".{name}", is_absent=name not in used)
        return None
    if isinstance(asked, list) and isinstance(used, list) and len(asked) == len(used):
        for index, pair in enumerate(zip(asked, used, strict=True)):
            if difference := find_difference(*pair):
                return difference.below(f"[{index}]")
        return None
    return None if _is_same(asked, used) else Difference(asked, used)


def describe(rule: Rule, values: Values) -> str:
    """The values that break a rule, in JSON's spelling."""
    calls = [(call, tell) for call in rule.holds.calls if (tell := _SENTENCES.get(call.function))]
    told = [sentence for call, tell in calls if (sentence := tell(call.fields, values))]
    in_calls = {field.names for call, _ in calls for field in call.fields}
    named = dict.fromkeys(field.names for field in rule.fields)
    others = [names for names in named if names not in in_calls and not any(_is_above(names, each) for each in named)]
    return ", ".join([*told, *(_sentence(names, values) for names in others)])


def _is_above(names: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Tells whether a field holds another, whose value says more."""
    return names != others and others[: len(names)] == names


def _describe_echo(fields: Sequence[Field], values: Values) -> str | None:
    asked, used = fields
    path = ".".join(used.names[1:]) or used.variable
    difference = find_difference(values.field(asked.names), values.field(used.names))
    if difference is None:
        return None
    came = "absent" if difference.is_absent or not values.has(used.names) else _spell(difference.used)
    return f"{path}{difference.path} is {came}, and the request set {_spell(difference.asked)}"


def _describe_repetition(fields: Sequence[Field], values: Values) -> str:
    return f"{_sentence(fields[0].names, values)}, as in an earlier exchange"


def _sentence(names: tuple[str, ...], values: Values) -> str:
    return f"{'.'.join(names)} is {_spell(values.field(names)) if values.has(names) else 'absent'}"


_SENTENCES: Final = {"echoes": _describe_echo, "is_new": _describe_repetition}


def _is_same(asked: Json, used: Json) -> bool:
    if isinstance(asked, str):
        return bool(asked == used)
    if type(asked) not in _NUMBERS or type(used) not in _NUMBERS:
        return bool(asked == used) and isinstance(asked, bool) == isinstance(used, bool)
    return bool(asked == used) or min(abs(asked), abs(used)) > MAX_INTEGER


def _spell(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
