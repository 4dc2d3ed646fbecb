"""The quick way of the judge: finds out in little time that an exchange breaks nothing.

It says so only of exchanges like one that was judged the slow way and broke nothing, by all that the checks read; of
bodies that the compiled validators take; and where every rule is kept. All others are for the slow way.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

from contract_tests.contract.statements import Key
from contract_tests.judge.alike import Alike
from contract_tests.judge.counts import Counts
from contract_tests.judge.fact_counts import FactCounts
from contract_tests.judge.passed import Passed
from contract_tests.judge.quick_bodies import Finders, NoBodies, QuickBodies
from contract_tests.judge.quick_memory import QuickMemory
from contract_tests.judge.quick_parameters import NO_PATH, QuickParameters, are_read_by_all
from contract_tests.judge.quick_rules import Bodies, QuickRules
from contract_tests.judge.statement_counts import StatementCounts

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation, ResponseBody
    from contract_tests.judge.alike import Body
    from contract_tests.judge.counts import Field
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.memory import BriefMemory
    from contract_tests.judge.sketch import Sketch

_REMEMBERED: Final = 4096
"""How many kinds of outcomes are remembered."""


class _Learned(Struct, frozen=True, eq=False):
    """All that is known of exchanges of one kind."""

    operation: Operation
    label: str
    """That of the operation."""
    status: int
    request: str
    """The name of the request's body."""
    media_type: Key | None
    """The statement that its media type is taken; None if the spec has none."""
    response: str
    """The name of the response's body."""
    checks: tuple[str, ...]
    """The checks that they pass, if they break nothing."""
    parameters: QuickParameters | None
    sent: QuickBodies | NoBodies
    received: QuickBodies
    rules: QuickRules


class Quick:
    """Judges the exchanges of a record that break nothing, in their order.

    It leaves to the slow way, which keeps exchanges, the first with an undocumented field that is not `shown` yet.
    """

    def __init__(self, contract: Contract, memory: BriefMemory, shown: Mapping[Field, int]) -> None:
        self._contract, self._shown = contract, shown
        self._memory = QuickMemory(contract, memory)
        self._learned: dict[Hashable, _Learned] = {}
        self._rules = {rule.name for rule in contract.rules}
        self._facts, self._statements = FactCounts(contract, Counts()), StatementCounts(contract, Counts())
        self._bodies: dict[tuple[str, str], QuickBodies] = {}
        self._by_operation: dict[str, QuickRules] = {}
        self._parameters: dict[str, QuickParameters] = {}
        self._known_alike: dict[Hashable, Alike] = {}

    def forget(self) -> None:
        """Forgets what it learned of exchanges, for a part of a record to be judged like any other."""
        self._learned.clear()

    def learn(self, judged: Judged, sketch: Sketch) -> None:
        """Remembers which checks an exchange passed that breaks nothing, for others like it."""
        seen, operation = judged.seen, judged.seen.operation
        described = operation.response_body(seen.status, seen.headers.media_type)
        has_more = self._has_odd_parameters(operation) or self._contract.response_headers(operation, seen.status)
        is_accepted = not judged.failures and judged.exchange.is_accepted and seen.sent.validity == "valid"
        has_no_body = not operation.contents and not sketch.sent
        is_plain = is_accepted and (has_no_body or (seen.sent.is_json_sent and seen.sent.body_pointer)) and not has_more
        if not is_plain or sketch.kind is None or not described:
            return
        if seen.sent.undocumented_fields:
            return  # it passed a check that is about these alone
        if sketch.kind not in self._learned:
            self._learned[sketch.kind] = self._make(judged, described)

    def _has_odd_parameters(self, operation: Operation) -> bool:
        """Tells whether the operation has parameters that checks of things may ask about, or that sketches lack."""
        is_unknown = not are_read_by_all(operation)
        is_of_things = any(operation in things.operations for things in self._contract.things)
        return is_unknown or (is_of_things and operation.method != "POST" and self._memory.keeps_things)

    def _make(self, judged: Judged, received: ResponseBody) -> _Learned:
        operation, sent = judged.seen.operation, judged.seen.sent.body_pointer
        return _Learned(
            operation,
            operation.label,
            judged.seen.status,
            operation.request_name(judged.seen.sent.content),
            Key(judged.seen.sent.content.pointer) if judged.seen.sent.content else None,
            received.name,
            tuple(name for name in judged.passed if name not in self._rules),
            self._parameters_of(operation) if operation.parameters else None,
            self._bodies_of("request", sent) if sent and operation.contents else NoBodies(),
            self._bodies_of("response", received.schema),
            self._rules_about(operation),
        )

    def _bodies_of(self, message: Literal["request", "response"], pointer: str) -> QuickBodies:
        facts, statements = self._facts, self._statements
        if (message, pointer) not in self._bodies:
            facts_of = facts.members_of if message == "request" else facts.facts_of
            statements_of = statements.kept_by_request if message == "request" else statements.kept_by_response
            fields = [field.path for rule in self._contract.rules for field in rule.fields]
            compared = {path[1:] for path in fields if path[0] == message}
            find = Finders(facts_of, statements_of, facts.additions.names_made_up)
            self._bodies[message, pointer] = QuickBodies(self._contract, pointer, find, compared)
        return self._bodies[message, pointer]

    def _parameters_of(self, operation: Operation) -> QuickParameters:
        if operation.pointer not in self._parameters:
            self._parameters[operation.pointer] = QuickParameters(self._contract, operation, self._statements)
        return self._parameters[operation.pointer]

    def _rules_about(self, operation: Operation) -> QuickRules:
        if operation.pointer not in self._by_operation:
            rules = [rule for rule in self._contract.rules if rule.is_about(operation)]
            functions_of = partial(self._memory.functions_of, operation.label)
            prepare = partial(self._memory.prepare, operation.label)
            self._by_operation[operation.pointer] = QuickRules(rules, functions_of, prepare)
        return self._by_operation[operation.pointer]

    def judge(self, sketch: Sketch) -> Passed | None:
        """The checks that an exchange passes; None if it may break something, or is like none that was learned."""
        learned = self._learned.get(sketch.kind)
        if learned is None:
            return None
        sent = learned.sent.read(sketch.sent)
        received = learned.received.read(sketch.received, sent.template) if sent else None
        path = learned.parameters.read(sketch.target, sketch.headers) if learned.parameters else NO_PATH
        if sent is None or received is None or path is None or sent.body.undocumented:
            return None
        if received.body.undocumented and not self._shown.keys() >= set(received.body.undocumented):
            return None
        self._memory.begin(sketch)
        bodies = Bodies(sent, received, learned.status, path.values, sent.texts + received.texts)
        rules = learned.rules.judge(bodies)
        if rules is None:
            return None
        self._memory.remember(learned.operation, bodies)
        return Passed(self._alike(learned, sent.body, received.body, rules, path.statements), sent)

    def _alike(
        self, learned: _Learned, sent: Body, received: Body, rules: tuple[str, ...], parameters: frozenset[Key]
    ) -> Alike:
        """All that counts of exchanges; one object for all that have it in common."""
        key = learned, sent, received, rules, parameters
        alike = self._known_alike.get(key)
        if alike is None:
            if len(self._known_alike) >= _REMEMBERED:
                self._known_alike.clear()
            names = learned.label, learned.request, learned.media_type, learned.response
            alike = Alike(*names, learned.checks, rules, sent, received, parameters)
            self._known_alike[key] = alike
        return alike
