"""The exchanges before one, as far as rules ask about them.

All rules share one memory, so that a value which several ask about is remembered once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.strict_json import spell
from contract_tests.judge.memory import FORGOTTEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.rules import Values
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.judge.memory import Memory
    from spec.fields import OwnCall
    from spec.json_value import Json

RULES: Final = "rules"
"""The name of the memory that all rules share."""
_LONGEST: Final = 1000
"""The longest text that is kept as the value of a field, in characters."""


@dataclass
class Before:
    """The exchanges before one, for a rule to ask about."""

    rule: str
    """The rule's name."""
    operation: str
    """The label of the operation that the exchange is about."""
    exchange: Exchange
    memory: Memory
    earlier: Exchange | None = None
    """The earlier exchange that the last question was answered by, if it is remembered whole."""

    def is_new(self, value: Json) -> bool:
        """Tells whether no exchange before had the value."""
        known = self.memory.first(text_of_new(self.rule, value), self.exchange)
        self._note(None if known is self.exchange else known)
        return known is self.exchange

    def is_known(self, value: Json, call: str) -> bool:
        """Tells whether a link handed the value over to the operation, and nothing deleted it since."""
        found = self.memory.last(text_of_known(self.operation, call, value))
        self._note(found[1] if found else None)
        return is_there(found)

    def previous(self, key: Json, call: str) -> Json:
        """The value that a field had in the last exchange before with the same key; None if there was none."""
        found = self.memory.last(text_of_previous(call, key))
        self._note(found[1] if found else None)
        return found[0] if found else None

    def _note(self, earlier: Exchange | None) -> None:
        self.earlier = None if earlier is FORGOTTEN else earlier


def text_of_new(rule: str, value: Json) -> str:
    """The text by which a memory knows a value that a rule says is new."""
    return f"{rule} {spell(value)}"


def text_of_known(operation: str, call: str, value: Json) -> str:
    """The text by which a memory knows a value that was handed over to an operation."""
    return f"{operation} {call} {_spell_key(value)}"


def text_of_previous(call: str, key: Json) -> str:
    """The text by which a memory knows a key, together with the field whose value is kept for it."""
    return f"{call} {_spell_key(key)}"


def is_there(kept: tuple[Json, Exchange] | None) -> bool:
    """Tells by the memory of a value that was handed over whether it should be there."""
    return kept is not None and kept[0] is True


def _spell_key(key: Json) -> str:
    """A key as text. A number is known by its digits, as it stands in a path."""
    return key if isinstance(key, str) else json.dumps(key, sort_keys=True)


class Notes:
    """Remembers of accepted exchanges whatever the rules of a contract will ask about them."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._by_operation: dict[str, tuple[OwnCall, ...]] = {}
        calls = [(rule, call) for rule in contract.rules for call in rule.calls_over_time]
        self._known = tuple(
            (operation, call)
            for operation in contract.operations
            for rule, call in calls
            if call.function == "is_known" and rule.is_about(operation)
        )
        """The operations that a value may be handed over to, each with the call that asks whether one was."""

    def take(
        self, operation: Operation, values: Values, memory: Memory, name: str, make: Callable[[], Exchange]
    ) -> None:
        """Remembers an accepted exchange. `make` makes it, and `name` is its id."""
        for text, value in self._texts(operation, values):
            memory.keep(text, value, name, make)

    def _texts(self, operation: Operation, values: Values) -> Iterator[tuple[str, Json]]:
        """The texts to keep a value for."""
        for call in self._previous(operation):
            key, value = (values.field(field.names) for field in call.fields)
            if key is not None:
                yield text_of_previous(str(call), key), value if _is_short(value) else None
        for target, call in self._known:
            for value in self._contract.handed_over(operation, values, target, call.fields[0].names[-1]):
                yield text_of_known(target.label, str(call), value), True
            if operation.method == "DELETE" and operation.path == target.path:
                yield text_of_known(target.label, str(call), values.field(call.fields[0].names)), False

    def _previous(self, operation: Operation) -> tuple[OwnCall, ...]:
        """The calls that ask which value a field of the operation had."""
        if operation.label not in self._by_operation:
            rules = [rule for rule in self._contract.rules if rule.is_about(operation)]
            calls = [call for rule in rules for call in rule.calls_over_time if call.function == "previous"]
            self._by_operation[operation.label] = tuple(dict.fromkeys(calls))
        return self._by_operation[operation.label]


def _is_short(value: Json) -> bool:
    return not isinstance(value, dict | list) and (not isinstance(value, str) or len(value) <= _LONGEST)
