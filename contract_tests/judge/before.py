"""The exchanges before one, as far as rules ask about them.

Rules that ask the same share a topic of the memory, so that a value which several ask about is remembered once.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from contract_tests.contract.links import Value
from contract_tests.exchange.strict_json import spell
from contract_tests.judge.memory import FORGOTTEN, is_short, spell_id
from spec.reader import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.rules import Fields
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.judge.memory import Memory, Text
    from spec.fields import OwnCall
    from spec.json_value import Json

_LONGEST: Final = 1000
"""The longest text that is kept as the value of a field, in characters."""


class Before(Struct):
    """The exchanges before one, for a rule to ask about."""

    rule: str
    """The rule's name."""
    operation: str
    """The label of the operation that the exchange is about."""
    exchange: Exchange
    memory: Memory
    earlier: tuple[Exchange, ...] = ()
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
        return found is not None and found[0] is True

    def previous(self, key: Json, call: str) -> Json:
        """The value that a field had in the last exchange before with the same key; None if there was none."""
        found = self.memory.last(text_of_previous(call, key))
        if found and _is_older(self.exchange, found[1]):
            found = None  # both were under way at once, and nobody knows which of them the server answered first
        self._note(found[1] if found else None)
        return found[0] if found else None

    def _note(self, earlier: Exchange | None) -> None:
        self.earlier = () if earlier is None or earlier is FORGOTTEN else (earlier,)


def text_of_new(rule: str, value: Json) -> Text:
    """The text by which a memory knows a value that a rule says is new. A number is another value than its digits."""
    return (f"new {rule}", value) if isinstance(value, str) else (f"new {rule}, and no text", spell(value))


def text_of_known(operation: str, call: str, value: Json) -> Text:
    """The text by which a memory knows a value that was handed over to an operation."""
    return f"{operation} {call}", spell_id(value)


def text_of_previous(call: str, key: Json) -> Text:
    """The text by which a memory knows a key, with the field whose value is kept for it as the topic."""
    return call, spell_id(key)


def _is_older(exchange: Exchange, earlier: Exchange) -> bool:
    """Tells whether an exchange began before one that stands earlier in the record, and so ended earlier."""
    return exchange.at is not None and earlier.at is not None and exchange.at < earlier.at


class Notes:
    """Remembers of accepted exchanges whatever the rules of a contract will ask about them."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._by_kind: dict[tuple[str, int], tuple[Note, ...]] = {}

    def take(
        self, operation: Operation, values: Fields, memory: Memory, name: str, make: Callable[[], Exchange]
    ) -> None:
        """Remembers an accepted exchange. `make` makes it, and `name` is its id."""
        for topic, key, field in self.about(operation, values.status):
            found = key.found_in(values) if isinstance(key, Value) else values.field(key)
            if found is not None and found is not ABSENT:
                value = short(values.field(field) if isinstance(field, tuple) else field)
                memory.keep((topic, spell_id(found)), value, name, make)

    def about(self, operation: Operation, status: int) -> tuple[Note, ...]:
        """Whatever is remembered of accepted exchanges with an operation and a status."""
        kind = (operation.label, status)
        if kind not in self._by_kind:
            self._by_kind[kind] = tuple(_find_notes(self._contract, operation, status))
        return self._by_kind[kind]


class Note(NamedTuple):
    """A value to remember of exchanges of a kind, and the key to remember it by."""

    topic: str
    """The topic under which a memory knows a key."""
    key: tuple[str, ...] | Value
    """The names of a field, or the value of a link."""
    field: tuple[str, ...] | bool
    """The names of the field whose value is remembered, or the value itself."""


def _find_notes(contract: Contract, operation: Operation, status: int) -> Iterator[Note]:
    """The values to remember of exchanges with an operation and a status."""
    for target in contract.operations:
        rules = [rule for rule in contract.rules if rule.is_about(target)]
        for call in dict.fromkeys(call for rule in rules for call in rule.calls_over_time):
            if call.function == "is_known":
                yield from _find_handed_over(contract, operation, status, target, call)
            elif target == operation:
                key, field = (each.names for each in call.fields)
                yield Note(text_of_previous(call.text, "")[0], key, field)


def _find_handed_over(
    contract: Contract, source: Operation, status: int, target: Operation, call: OwnCall
) -> Iterator[Note]:
    """The values that links hand over from one operation to another; of a deletion, the value that is no more.

    What a 202 answers with may still be under way: it hands nothing over. A thing that it deletes may be gone already.
    """
    (variable,), (topic, _) = call.fields, text_of_known(target.label, call.text, "")
    if status != HTTPStatus.ACCEPTED:
        for value in contract.handed_over(source, status, target, variable.names[-1]):
            yield Note(topic, value, field=True)
    if source.method == "DELETE" and source.path == target.path:
        yield Note(topic, variable.names, field=False)


def short(value: Json) -> Json:
    """The value as it is remembered: None in place of an object, of an array, and of a long text."""
    return value if is_short(value, _LONGEST) else None
