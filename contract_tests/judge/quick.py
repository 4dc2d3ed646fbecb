"""The quick way of the judge: finds out in little time that an exchange breaks nothing.

It says so only of exchanges like one that was judged the slow way and broke nothing, by all that the checks read; of
bodies that the compiled validators take; and where every rule is kept. All others are for the slow way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from contract_tests.contract.rules import Values
from contract_tests.contract.shapes import LARGE, Shapes
from contract_tests.contract.statements import EDGES
from contract_tests.exchange.headers import CONTENT_TYPE
from contract_tests.exchange.strict_json import MAX_DEPTH
from contract_tests.judge.additions import fields_beyond
from contract_tests.judge.checks.rules import Before
from contract_tests.judge.checks.undocumented import spell, undocumented_fields_accepted
from contract_tests.judge.fact_counts import FactCounts
from contract_tests.judge.statement_counts import StatementCounts

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.facts import Fact
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.satisfied import SatisfiedSchema
    from contract_tests.contract.statements import Key
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.judge.additions import Field
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.memory import Memory
    from spec.json_value import Json

_REMEMBERED: Final = 4096
"""Of how many shapes is remembered what bodies of them have in common."""
_READ_BY_CHECKS: Final = frozenset(("allow", "location", "www-authenticate", "retry-after"))
"""The header fields of responses whose values checks read, beside the media type and documented ones."""
_KEY: Final = re.compile(rb'"\s*:')
_OMITTED: Final = frozenset(("credentials",))
_BY_VALUE: Final = ("/enum", *(f"/{keyword}" for keyword in EDGES))


class Passed(NamedTuple):
    """An exchange that breaks nothing."""

    checks: tuple[str, ...]
    """The checks that it passed."""
    kept: tuple[Fact, ...]
    """The facts that it kept."""
    additions: tuple[Field, ...]
    """The undocumented fields of its response."""
    sent: Json
    """The request's body."""
    operation: str
    """The label of its operation."""
    response: str
    """The name of its response's body."""
    tried_by_request: frozenset[Key]
    """The statements that requests of its shape try."""
    kept_by_response: frozenset[Key]
    """The statements that responses of its shape keep."""


class _Body(NamedTuple):
    """All that a valid body has in common with all others of its shape."""

    facts: tuple[Fact, ...]
    undocumented: tuple[Field, ...]
    statements: frozenset[Key]


class Quick:
    """Judges the exchanges of a record that break nothing, in their order."""

    def __init__(self, contract: Contract, memories: Mapping[str, Memory]) -> None:
        self._contract = contract
        self._memories = memories
        self._passed: dict[Hashable, tuple[str, ...]] = {}
        self._rules = {rule.name for rule in contract.rules}
        counts, statements = FactCounts(contract), StatementCounts(contract)
        self._requests = _Bodies(contract, counts.members_of, statements.kept_by_request)
        self._responses = _Bodies(contract, counts.facts_of, statements.kept_by_response)

    def learn(self, judged: Judged) -> None:
        """Remembers which checks an exchange passed that breaks nothing, for others like it."""
        seen, operation = judged.seen, judged.seen.operation
        has_more = operation.parameters or self._contract.response_headers(operation, seen.status)
        if judged.failures or has_more or seen.validity != "valid" or not judged.exchange.is_accepted:
            return
        kind = _kind_of(operation, judged.exchange)
        if kind is not None:
            self._passed[kind] = tuple(name for name in judged.passed if name not in self._rules)

    def judge(self, exchange: Exchange) -> Passed | None:
        """The checks that an exchange passes; None if it may break something, or is like none that was learned."""
        request, response = exchange.request, exchange.response
        operation = self._contract.paths.find(request.method, request.path)
        passed = self._passed.get(_kind_of(operation, exchange)) if operation else None
        if passed is None or operation is None or response is None:
            return None
        sent = self._requests.read(operation.body, request.body)
        described = operation.response_body(response.status, response.headers.media_type)
        received = self._responses.read(described.schema, response.body) if described else None
        if sent is None or described is None or received is None or sent[1].undocumented:
            return None
        rules = self._judge_by_rules(operation, exchange, Values(sent[0], received[0], response.status))
        if rules is None:
            return None
        self._memories[undocumented_fields_accepted.name].first(spell(sent[0]), exchange)
        facts = (*sent[1].facts, *received[1].facts)
        statements = sent[1].statements, received[1].statements
        checks = (*passed, *rules)
        return Passed(checks, facts, received[1].undocumented, sent[0], operation.label, described.name, *statements)

    def _judge_by_rules(self, operation: Operation, exchange: Exchange, values: Values) -> list[str] | None:
        """The rules that an exchange keeps; None if it breaks one."""
        kept: list[str] = []
        for rule in self._contract.rules:
            if rule.is_about(operation):
                is_kept = rule.is_kept(values, Before(exchange, self._memories[rule.name]).functions)
                if is_kept is False:
                    return None
                if is_kept:
                    kept.append(rule.name)
        return kept


class _Bodies:
    """The valid bodies of requests, or of responses."""

    def __init__(
        self,
        contract: Contract,
        facts_of: Callable[[list[SatisfiedSchema]], list[Fact]],
        statements_of: Callable[[str, Json], frozenset[Key]],
    ) -> None:
        self._contract = contract
        self._facts_of = facts_of
        self._statements_of = statements_of
        self._shapes: dict[str, Shapes] = {}
        self._known: dict[Hashable, _Body] = {}

    def read(self, pointer: str | None, content: bytes) -> tuple[Json, _Body] | None:
        """The value of a body that keeps a schema; None if it may not, or if readers may differ on it."""
        if pointer is None or content.count(b"[") + content.count(b"{") > MAX_DEPTH:
            return None
        try:
            value = msgspec.json.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        shape, fields = self._shapes_of(pointer).of(value)
        # More than these are texts with quotes and colons in them. Fewer are a key that comes twice.
        is_plain = len(_KEY.findall(content)) == fields and LARGE not in shape
        if not is_plain or not self._contract.validator(pointer).is_valid(value):
            return None
        return value, self._body((pointer, shape), pointer, value)

    def _shapes_of(self, pointer: str) -> Shapes:
        if pointer not in self._shapes:
            self._shapes[pointer] = Shapes(self._contract.spec, pointer)
        return self._shapes[pointer]

    def _body(self, key: Hashable, pointer: str, value: Json) -> _Body:
        found = self._known.get(key)
        if found is None:
            satisfied = self._contract.satisfied.find(pointer, value)
            # Two bodies of one shape may have other members of an enumeration, and be at other bounds.
            statements = (key for key in self._statements_of(pointer, value) if not key.pointer.endswith(_BY_VALUE))
            found = _Body(tuple(self._facts_of(satisfied)), fields_beyond(satisfied), frozenset(statements))
            if self._shapes_of(pointer).are_known:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                self._known[key] = found
        return found


def _kind_of(operation: Operation | None, exchange: Exchange) -> Hashable | None:
    """Whatever checks read of an exchange but its bodies; None if they read more than is alike in many."""
    request, response = exchange.request, exchange.response
    if operation is None or response is None or exchange.omitted != _OMITTED or not response.body:
        return None
    names = frozenset(name.lower() for name, _ in response.headers)
    if not names.isdisjoint(_READ_BY_CHECKS):
        return None
    media_types = tuple(request.headers.all(CONTENT_TYPE)), tuple(response.headers.all(CONTENT_TYPE))
    return operation.label, response.status, media_types, names, bool(request.body)
