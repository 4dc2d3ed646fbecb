"""The memory as the quick way asks it, and whatever the quick way remembers of an exchange.

Both are made ready for all exchanges whose bodies have the same two templates. There, a text in a gap is hashed as it
stands, and once for all that is asked and kept of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from contract_tests.contract.links import Value
from contract_tests.judge.before import Notes, short, text_of_known, text_of_new, text_of_previous
from contract_tests.judge.checks.rules import echoes
from contract_tests.judge.checks.undocumented import text_of_documented
from contract_tests.judge.memory import encode, owner_of, spell_id
from contract_tests.judge.quick_bodies import EMPTY
from contract_tests.judge.quick_rules import Fixed
from contract_tests.judge.things import ThingNotes
from spec.reader import ABSENT, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.templates import Template
    from contract_tests.judge.memory import BriefMemory, Text, Topic
    from contract_tests.judge.quick_rules import Bodies, Find
    from contract_tests.judge.sketch import Sketch
    from spec.expressions import Function
    from spec.fields import OwnCall
    from spec.json_value import Json

    Key = tuple[str, int, Template | None, Template | None]
    """The pointer of an operation, a status, and the templates of both bodies."""
    Digest = Callable[[Bodies], bytes | None]
    """Gives the hash of a text in the bodies of an exchange; None if it is absent."""

_ASKING: Final = frozenset(("is_new", "is_known", "previous"))
"""The functions of rules that ask the memory."""
_REMEMBERED: Final = 4096
"""Of how many kinds of exchanges it is remembered what is kept of them."""


class _Note(NamedTuple):
    """A value to keep of exchanges whose bodies have two templates."""

    topic: Topic
    key: Digest
    value: Find | Json
    """It, or a function that finds it."""


class _Ready(NamedTuple):
    """Whatever is remembered of exchanges whose bodies have two templates."""

    notes: tuple[_Note, ...]
    is_looked_back_at: bool
    """True if a rule may name such an exchange as the earlier one."""
    accepted: str
    """The topic of the bodies of accepted requests."""


class QuickMemory:
    """Asks and keeps what the exchanges of a record have in common, one exchange after the other."""

    def __init__(self, contract: Contract, memory: BriefMemory) -> None:
        self._memory = memory
        self._notes, self._thing_notes = Notes(contract), ThingNotes(contract)
        self.keeps_things = self._thing_notes.is_needed
        self._new = frozenset(_with_new_values(contract))
        self._ready: dict[Key, _Ready] = {}
        self._judged: Sketch
        self._owner = 0

    def begin(self, sketch: Sketch) -> None:
        """Begins with the next exchange, which is asked about from here on."""
        self._judged, self._owner = sketch, owner_of(sketch.id)

    def functions_of(self, operation: str, rule: str) -> Mapping[str, Function]:
        """The functions that a rule may call, by its name and the label of the operation."""

        def is_new(value: Json) -> bool:
            topic, digest = self._find(text_of_new(rule, value))
            return topic.first_owner(digest, self._owner) == self._owner

        def previous(key: Json, call: str) -> Json:
            topic, digest = self._find(text_of_previous(call, key))
            return topic.value(digest)

        def is_known(value: Json, call: str) -> bool:
            topic, digest = self._find(text_of_known(operation, call, value))
            return topic.value(digest) is True

        return {"echoes": echoes, "is_new": is_new, "is_known": is_known, "previous": previous}

    def prepare(self, operation: str, rule: str, call: OwnCall, bodies: Bodies) -> Find | None:
        """A function that asks the memory about a text in a gap of these bodies' templates, as a call of a rule does.

        None if the call does not ask the memory, or asks about anything else.
        """
        function, index = call.function, bodies.gap(call.fields[0].names)
        if index is None or function not in _ASKING:
            return None
        hash_of, topic = self._memory.hash_of, self._memory.topic(_topic_of(operation, rule, call))
        if function == "is_new":
            return lambda bodies: topic.first_owner(hash_of(bodies.texts[index]), self._owner) == self._owner
        if function == "is_known":
            return lambda bodies: topic.value(hash_of(bodies.texts[index])) is True
        return lambda bodies: topic.value(hash_of(bodies.texts[index]))

    def remember(self, operation: Operation, bodies: Bodies) -> None:
        """Remembers an accepted exchange for the checks that look back."""
        key = operation.pointer, bodies.status, bodies.sent.template, bodies.received.template
        ready = self._ready.get(key) or self._make_ready(key, operation, bodies)
        for topic, digest_of, value in ready.notes:
            if (digest := digest_of(bodies)) is not None:
                topic.keep(digest, value(bodies) if callable(value) else value, self._owner)
        if ready.is_looked_back_at:
            self._memory.keep_whole(self._owner, self._judged.exchange)
        if bodies.sent is not EMPTY:
            self._memory.note((ready.accepted, bodies.sent.spelled))
        if self.keeps_things:
            self._thing_notes.take(operation, bodies, self._memory, self._judged.id, self._judged.exchange)

    def _find(self, text: Text) -> tuple[Topic, bytes]:
        return self._memory.topic(text[0]), self._memory.hash_of(encode(text[1]))

    def _make_ready(self, key: Key, operation: Operation, bodies: Bodies) -> _Ready:
        """Whatever is remembered of exchanges whose bodies have these templates."""
        if len(self._ready) >= _REMEMBERED:
            self._ready.clear()
        notes = tuple(
            _Note(self._memory.topic(topic), self._digest_of(key_field, bodies), _value_of(field, bodies))
            for topic, key_field, field in self._notes.about(operation, bodies.status)
        )
        ready = _Ready(notes, bool(notes) or operation.pointer in self._new, text_of_documented(operation.label, "")[0])
        return self._ready.setdefault(key, ready)

    def _digest_of(self, field: tuple[str, ...] | Value, bodies: Bodies) -> Digest:
        """A function that hashes the key of a note, in all bodies of the templates of these two."""
        hash_of, index = self._memory.hash_of, bodies.gap(_names_of(field))
        if index is not None:
            return lambda bodies: hash_of(bodies.texts[index])
        find = bodies.finder_of(field) if isinstance(field, Value) else bodies.finder(field)

        def digest(bodies: Bodies) -> bytes | None:
            value = find(bodies)
            return None if value is None or value is ABSENT else hash_of(encode(spell_id(value)))

        return digest


def _with_new_values(contract: Contract) -> Iterator[str]:
    """The pointers of the operations with a rule that a value is new."""
    for rule in contract.rules:
        if any(call.function == "is_new" for call in rule.calls):
            yield from rule.operations


def _topic_of(operation: str, rule: str, call: OwnCall) -> str:
    """The topic of the texts that a call asks about."""
    if call.function == "is_new":
        return text_of_new(rule, "")[0]
    if call.function == "is_known":
        return text_of_known(operation, call.text, "")[0]
    return text_of_previous(call.text, "")[0]


def _names_of(field: tuple[str, ...] | Value) -> tuple[str, ...]:
    """The names of a field, or those of the field that a link hands over; none if it is no field of a body."""
    if isinstance(field, Value):
        root, pointer = field.place or ("", "")
        return (root, *tokens(pointer))
    return field


def _value_of(field: tuple[str, ...] | Literal[True, False], bodies: Bodies) -> Find | Json:
    """The value of a field as it is remembered, or a function that finds it in all bodies of the templates of these."""
    if not isinstance(field, tuple):
        return field
    find = bodies.finder(field)
    fixed = short(find.value) if isinstance(find, Fixed) else None
    return (lambda bodies: short(find(bodies))) if fixed is None else fixed
