"""From exchanges to tallies: how often each check was made, and each documented fact kept."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from contract_tests.contract.satisfied import SatisfiedSchemas
from contract_tests.judge.additions import Additions
from contract_tests.judge.judgement import (
    INVALID_ACCEPTED,
    NO_ANSWER,
    NOT_JSON,
    RESPONSE_SCHEMA,
    VALID_REFUSED,
    describe_breach,
    locate,
    read_json,
    request_breaches,
    response_breaches,
)
from contract_tests.result.result import CheckTally, FactTally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract, Fact, Operation
    from contract_tests.contract.satisfied import SatisfiedSchema
    from contract_tests.exchange.exchange import Exchange, Record
    from contract_tests.result.result import Addition

_REMEMBERED: Final = 16
"""Of how many responses it is remembered what they keep: many at once would keep the garbage collector busy."""


def tally_checks(names: tuple[str, ...], record: Record) -> tuple[CheckTally, ...]:
    """How often each of the named checks passed and failed."""
    passed = Counter(check for exchange in record.exchanges for check in exchange.passed)
    failed = Counter(failure.check for exchange in record.exchanges for failure in exchange.failures)
    passed[NO_ANSWER] = sum(exchange.response is not None for exchange in record.exchanges)
    failed[NO_ANSWER] = len(record.exchanges) - passed[NO_ANSWER]
    return tuple(CheckTally(name=name, passed=passed[name], failed=failed[name]) for name in names)


def tally_facts(
    contract: Contract, record: Record, *, is_lenient: bool = False
) -> tuple[tuple[FactTally, ...], tuple[Addition, ...]]:
    """What the run says of each documented fact, and what the responses have beyond the spec.

    With `is_lenient`, a breach of our own reading is a warning.
    """
    kept: Counter[Fact] = Counter()
    breaches: dict[Fact, dict[str, None]] = defaultdict(dict)
    schemas, additions = SatisfiedSchemas(contract), Additions(contract)
    keeping = lru_cache(_REMEMBERED)(partial(_find_kept, schemas))  # a server refuses many requests in the same words
    members = _Members(contract, schemas)
    facts = {(fact.pointer, fact.name if fact.kind == "required" else None): fact for fact in contract.facts}
    for exchange in record.exchanges:
        operation = contract.operation(exchange.label)
        response = exchange.response
        kept_by_response = keeping(operation.response_pointer(response.status), response.body) if response else []
        additions.note(kept_by_response, read_json(exchange.request.body))
        kept.update(facts[place] for place in _places(kept_by_response) if place in facts)
        for pointer, name, text in _broken_by(contract, operation, exchange):
            if fact := facts.get((pointer, name)):
                breaches[fact][text] = None
        members.note(operation, exchange)
    for pointer, text in members.refused():
        breaches[facts[pointer, None]][text] = None
    for pointer, number in members.accepted().items():
        kept[facts[pointer, None]] += number
    tallies = tuple(
        _fact_tally(contract, fact, kept[fact], tuple(breaches[fact]), is_lenient=is_lenient) for fact in contract.facts
    )
    return tallies, additions.found()


def _find_kept(schemas: SatisfiedSchemas, pointer: str | None, content: bytes) -> list[SatisfiedSchema]:
    body = read_json(content) if pointer else NOT_JSON
    return [] if pointer is None or body is NOT_JSON else schemas.find(pointer, body)


def _places(kept: list[SatisfiedSchema]) -> Iterator[tuple[str, str | None]]:
    """The required fields and enumerations of kept schemas, as pointer of the keyword and name of the field."""
    for schema in kept:
        if "enum" in schema.statement:
            yield f"{schema.pointer}/enum", None
        # Judged by the schema as a whole: jsonschema-rs reports no `required` of its own where two fields are.
        yield from ((f"{schema.pointer}/required", name) for name in schema.statement.get("required", ()))


def _broken_by(contract: Contract, operation: Operation, exchange: Exchange) -> Iterator[tuple[str, str | None, str]]:
    """The facts that an exchange breaks: in its response, or because an invalid request was accepted."""
    failed = {failure.check for failure in exchange.failures}
    if RESPONSE_SCHEMA in failed:
        for breach in response_breaches(contract, operation, exchange):
            yield breach.pointer, breach.missing, f"in a response: {describe_breach(breach)}"
    if failed & INVALID_ACCEPTED:
        for breach in request_breaches(contract, operation, exchange):
            yield breach.pointer, breach.missing, f"in an accepted request: {describe_breach(breach)}"


class _Members:
    """Which members of the request's enumerations were sent in valid requests, and what became of those requests."""

    def __init__(self, contract: Contract, schemas: SatisfiedSchemas) -> None:
        self._contract = contract
        self._schemas = schemas
        self._accepted: Counter[tuple[str, str]] = Counter()
        self._refused: list[set[tuple[str, str]]] = []

    def note(self, operation: Operation, exchange: Exchange) -> None:
        """Takes a request into account if it is valid and was judged as such."""
        judged = {*exchange.passed, *(failure.check for failure in exchange.failures)}
        if not (
            operation.body and exchange.response and exchange.expectation == "positive" and VALID_REFUSED in judged
        ):
            return
        body = read_json(exchange.request.body)
        if body is NOT_JSON or not self._contract.validator(operation.body).is_valid(body):
            return
        members = {
            (f"{schema.pointer}/enum", json.dumps(schema.value))
            for schema in self._schemas.find(operation.body, body)
            if "enum" in schema.statement
        }
        if exchange.response.is_success:
            self._accepted.update(members)
        else:
            self._refused.append(members)

    def accepted(self) -> Counter[str]:
        """How many accepted requests held a member, by enumeration."""
        numbers: Counter[str] = Counter()
        for (pointer, _), number in self._accepted.items():
            numbers[pointer] += number
        return numbers

    def refused(self) -> list[tuple[str, str]]:
        """The members that a refusal must be due to, each with its enumeration.

        A refusal is put down to a member if that is the only one of the request that was never accepted elsewhere.
        """
        suspects = (members - self._accepted.keys() for members in self._refused)
        blamed = dict.fromkeys(next(iter(members)) for members in suspects if len(members) == 1)
        return [(pointer, f"a valid request with {member} was refused") for pointer, member in blamed]


def _fact_tally(contract: Contract, fact: Fact, kept: int, breaches: tuple[str, ...], *, is_lenient: bool) -> FactTally:
    standing = contract.standing(fact.pointer)
    return FactTally(
        kind=fact.kind,
        name=fact.label,
        pointer=fact.pointer,
        location=locate(contract, fact.pointer),
        standing=standing,
        kept=kept,
        breaches=breaches,
        is_warning=is_lenient and standing == "inferred",
    )
