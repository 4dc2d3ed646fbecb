"""The quick way of the judge: finds out in little time that an exchange breaks nothing.

It says so only of exchanges like one that was judged the slow way and broke nothing, by all that the checks read; of
bodies that the compiled validators take; and where every rule is kept. All others are for the slow way.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec

from contract_tests.contract.rules import Values
from contract_tests.contract.shapes import Shapes
from contract_tests.contract.statements import EDGES
from contract_tests.exchange.strict_json import MAX_DEPTH, spell
from contract_tests.judge.additions import fields_beyond
from contract_tests.judge.before import RULES, Notes, is_there, text_of_known, text_of_new, text_of_previous
from contract_tests.judge.checks.rules import echoes
from contract_tests.judge.checks.undocumented import undocumented_fields_accepted
from contract_tests.judge.counts import Counts
from contract_tests.judge.fact_counts import FactCounts
from contract_tests.judge.passed import Alike, Body, Passed
from contract_tests.judge.quick_rules import QuickRules
from contract_tests.judge.statement_counts import StatementCounts
from contract_tests.judge.things import THINGS, ThingNotes

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.facts import Fact
    from contract_tests.contract.operations import Operation, ResponseBody
    from contract_tests.contract.rules import Rule
    from contract_tests.contract.satisfied import SatisfiedSchema
    from contract_tests.contract.shapes import Shape
    from contract_tests.contract.statements import Key
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.memory import Memory
    from contract_tests.judge.sketch import Sketch
    from spec.expressions import Function
    from spec.json_value import Json

_REMEMBERED: Final = 4096
"""Of how many shapes is remembered what bodies of them have in common."""
_decode: Final = msgspec.json.Decoder().decode
BY_VALUE: Final = ("/enum", *(f"/{keyword}" for keyword in EDGES))
"""The ends of the pointers of statements that only values tell about. They are counted the slow way alone."""


class _Learned(NamedTuple):
    """All that is known of exchanges of one kind."""

    operation: Operation
    status: int
    response: str
    """The name of the response's body."""
    checks: tuple[str, ...]
    """The checks that they pass, if they break nothing."""
    sent: _Bodies
    received: _Bodies
    rules: QuickRules


class Quick:
    """Judges the exchanges of a record that break nothing, in their order."""

    def __init__(self, contract: Contract, memories: Mapping[str, Memory]) -> None:
        self._contract = contract
        self._memories = memories
        self._learned: dict[Hashable, _Learned] = {}
        self._rules = {rule.name for rule in contract.rules}
        self._facts, self._statements = FactCounts(contract, Counts()), StatementCounts(contract, Counts())
        self._bodies: dict[tuple[str, str], _Bodies] = {}
        self._by_operation: dict[str, QuickRules] = {}
        self._notes, self._thing_notes = Notes(contract), ThingNotes(contract)
        self._judged: Sketch

    def forget(self) -> None:
        """Forgets what it learned of exchanges, for a part of a record to be judged like any other."""
        self._learned.clear()

    def learn(self, judged: Judged, sketch: Sketch) -> None:
        """Remembers which checks an exchange passed that breaks nothing, for others like it."""
        seen, operation = judged.seen, judged.seen.operation
        described = operation.response_body(seen.status, seen.headers.media_type)
        has_more = operation.parameters or self._contract.response_headers(operation, seen.status)
        is_accepted = not judged.failures and judged.exchange.is_accepted and seen.validity == "valid"
        if has_more or not is_accepted or sketch.kind is None or not operation.body or not described:
            return
        if seen.undocumented_fields:
            return  # it passed a check that is about these alone
        if sketch.kind not in self._learned:
            self._learned[sketch.kind] = self._make(judged, operation.body, described)

    def _make(self, judged: Judged, sent: str, received: ResponseBody) -> _Learned:
        operation = judged.seen.operation
        return _Learned(
            operation,
            judged.seen.status,
            received.name,
            tuple(name for name in judged.passed if name not in self._rules),
            self._bodies_of("request", sent),
            self._bodies_of("response", received.schema),
            self._rules_about(operation),
        )

    def _bodies_of(self, message: Literal["request", "response"], pointer: str) -> _Bodies:
        facts, statements = self._facts, self._statements
        if (message, pointer) not in self._bodies:
            facts_of = facts.members_of if message == "request" else facts.facts_of
            statements_of = statements.kept_by_request if message == "request" else statements.kept_by_response
            found = _Bodies(self._contract, pointer, facts_of, statements_of, facts.additions.names_made_up)
            self._bodies[message, pointer] = found
        return self._bodies[message, pointer]

    def _rules_about(self, operation: Operation) -> QuickRules:
        if operation.pointer not in self._by_operation:
            rules = [rule for rule in self._contract.rules if rule.is_about(operation)]
            self._by_operation[operation.pointer] = QuickRules(rules, partial(self._functions_of, operation))
        return self._by_operation[operation.pointer]

    def judge(self, sketch: Sketch) -> Passed | None:
        """The checks that an exchange passes; None if it may break something, or is like none that was learned."""
        learned = self._learned.get(sketch.kind)
        if learned is None:
            return None
        sent = learned.sent.read(sketch.sent)
        received = learned.received.read(sketch.received) if sent else None
        if sent is None or received is None or sent[1].undocumented:
            return None
        self._judged = sketch
        values = Values(sent[0], received[0], learned.status)
        rules = learned.rules.judge(values)
        if rules is None:
            return None
        self._notes.take(learned.operation, values, self._memories[RULES], sketch.id, sketch.exchange)
        self._thing_notes.take(learned.operation, values, self._memories[THINGS], sketch.id, sketch.exchange)
        self._memories[undocumented_fields_accepted.name].note(spell(sent[0]))
        alike = Alike(learned.operation.label, learned.response, learned.checks, rules, sent[1], received[1])
        return Passed(alike, sent[0])

    def _functions_of(self, operation: Operation, rule: Rule) -> Mapping[str, Function]:
        """The functions that a rule may call about the exchange that is judged."""

        def is_new(value: Json) -> bool:
            return self._memories[RULES].is_first(text_of_new(rule.name, value), self._judged)

        def is_known(value: Json, call: str) -> bool:
            return is_there(self._memories[RULES].last(text_of_known(operation.label, call, value)))

        def previous(key: Json, call: str) -> Json:
            found = self._memories[RULES].last(text_of_previous(call, key))
            return found[0] if found else None

        return {"echoes": echoes, "is_new": is_new, "is_known": is_known, "previous": previous}


class _Bodies:
    """The valid bodies of requests, or of responses."""

    def __init__(
        self,
        contract: Contract,
        pointer: str,
        facts_of: Callable[[list[SatisfiedSchema]], list[Fact]],
        statements_of: Callable[[str, Json], frozenset[Key]],
        names_made_up: Callable[[Json], frozenset[str]],
    ) -> None:
        self._pointer = pointer
        self._satisfied = contract.satisfied
        self._facts_of = facts_of
        self._statements_of = statements_of
        self._names_made_up = names_made_up
        self._is_valid = contract.validator(pointer).is_valid
        self._shapes = Shapes(contract.spec, pointer)
        self._known: dict[Shape, Body | None] = {}

    def read(self, content: bytes) -> tuple[Json, Body] | None:
        """The value of a body that keeps the schema; None if it may not, or if readers may differ on it."""
        try:
            value = _decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        shape = self._shapes.of(content)
        if shape is None or not self._is_valid(value):
            return None
        body = self._known[shape] if shape in self._known else self._remember(shape, value)
        return (value, body) if body else None

    def _remember(self, shape: Shape, value: Json) -> Body | None:
        """All that valid bodies of a shape have in common; None if readers may differ on them."""
        body = self._make(value) if _is_plain(shape, value) else None
        if self._shapes.are_known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[shape] = body
        return body

    def _make(self, value: Json) -> Body:
        satisfied = self._satisfied.find(self._pointer, value)
        # Two bodies of one shape may have other members of an enumeration, and be at other bounds.
        statements = (key for key in self._statements_of(self._pointer, value) if not key.pointer.endswith(BY_VALUE))
        facts, made_up = tuple(self._facts_of(satisfied)), self._names_made_up(value)
        return Body(facts, fields_beyond(satisfied), frozenset(statements), made_up)


def _is_plain(shape: Shape, value: Json) -> bool:
    """Tells whether all readers take a text for the same value: no key comes twice, and it is not nested too deep."""
    layout = shape.layout
    depth = layout.structure.count(b"[") + layout.structure.count(b"{")
    return depth <= MAX_DEPTH and len(layout.keys) == _count_fields(value)


def _count_fields(value: Json) -> int:
    if isinstance(value, dict):
        return len(value) + sum(map(_count_fields, value.values()))
    return sum(map(_count_fields, value)) if isinstance(value, list) else 0
