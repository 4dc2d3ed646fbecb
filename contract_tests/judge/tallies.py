"""From judged exchanges to tallies: how often each check was made, and each documented fact kept."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.bodies import NOT_JSON, read_json
from contract_tests.judge.additions import Additions
from contract_tests.judge.checks import checks_of
from contract_tests.judge.checks.requests import documented_request_accepted, invalid_request_refused
from contract_tests.judge.checks.responses import response_schema_conformance
from contract_tests.judge.wording import locate
from contract_tests.result.result import CheckTally, FactTally

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from contract_tests.contract.contract import Contract, Standing
    from contract_tests.contract.facts import Fact
    from contract_tests.contract.satisfied import SatisfiedSchema, SatisfiedSchemas
    from contract_tests.judge.judge import Judged
    from contract_tests.result.result import Addition

_REMEMBERED: Final = 16
"""Of how many responses the schemas that they satisfy are remembered: many at once keep the garbage collector busy."""
_BREAKS_A_FACT: Final = {
    response_schema_conformance.name: "in a response",
    invalid_request_refused.name: "in an accepted request",
}


def tally_checks(contract: Contract, judged: Sequence[Judged]) -> tuple[CheckTally, ...]:
    """How often each check passed and failed. An exchange counts once for a check, however many problems it has."""
    passed = Counter(name for each in judged for name in each.passed)
    failed = Counter(name for each in judged for name in {failure.check for failure in each.failures})
    names = (check.name for check in checks_of(contract))
    return tuple(CheckTally(name=name, passed=passed[name], failed=failed[name]) for name in names)


def tally_facts(
    contract: Contract, judged: Iterable[Judged], warnings: Collection[Standing] = ()
) -> tuple[tuple[FactTally, ...], tuple[Addition, ...]]:
    """How often each documented fact was kept, what breaks it, and what the responses have beyond the spec.

    A fact of one of the standings in `warnings` violates nothing.
    """
    tally = _Tally(contract)
    for each in judged:
        tally.note(each)
    return tally.facts(warnings), tally.additions.found()


class _Tally:
    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._facts = {(fact.pointer, fact.name if fact.kind == "required" else None): fact for fact in contract.facts}
        self._kept: Counter[Fact] = Counter()
        self._breaches: defaultdict[Fact, dict[str, None]] = defaultdict(dict)
        schemas = contract.satisfied
        # A server refuses many requests in the same words.
        self._satisfied = lru_cache(_REMEMBERED)(partial(_find_satisfied, schemas))
        self._members = _Members(schemas)
        self.additions = Additions(contract)

    def note(self, judged: Judged) -> None:
        """Takes an exchange into account."""
        seen = judged.seen
        if judged.exchange.response:
            satisfied = self._satisfied(seen.response_schema, seen.response.body)
            self.additions.note(satisfied, seen.request_body)
            self._kept.update(self._facts[place] for place in _places(satisfied) if place in self._facts)
        for failure in judged.failures:
            fact = self._facts.get((failure.pointer, failure.missing))
            if fact and failure.check in _BREAKS_A_FACT:
                self._breaches[fact][f"{_BREAKS_A_FACT[failure.check]}: {failure.detail}"] = None
        self._members.note(judged)

    def facts(self, warnings: Collection[Standing]) -> tuple[FactTally, ...]:
        """The tally of each fact."""
        for pointer, text in self._members.refused():
            self._breaches[self._facts[pointer, None]][text] = None
        for pointer, number in self._members.accepted().items():
            self._kept[self._facts[pointer, None]] += number
        return tuple(self._fact_tally(fact, warnings) for fact in self._contract.facts)

    def _fact_tally(self, fact: Fact, warnings: Collection[Standing]) -> FactTally:
        standing = self._contract.standing(fact.pointer)
        return FactTally(
            kind=fact.kind,
            name=fact.label,
            pointer=fact.pointer,
            location=locate(self._contract, fact.pointer),
            standing=standing,
            kept=self._kept[fact],
            breaches=tuple(self._breaches[fact]),
            is_warning=standing in warnings,
        )


def _find_satisfied(schemas: SatisfiedSchemas, pointer: str | None, content: bytes) -> list[SatisfiedSchema]:
    body = read_json(content) if pointer else NOT_JSON
    return [] if pointer is None or body is NOT_JSON else schemas.find(pointer, body)


def _places(satisfied: list[SatisfiedSchema]) -> Iterator[tuple[str, str | None]]:
    """The required fields and enumerations of satisfied schemas, as pointer of the keyword and name of the field."""
    for schema in satisfied:
        if "enum" in schema.statement:
            yield f"{schema.pointer}/enum", None
        # Judged by the schema as a whole: jsonschema-rs reports no `required` of its own where two fields are.
        yield from ((f"{schema.pointer}/required", name) for name in schema.statement.get("required", ()))


class _Members:
    """Tells which members of the request's enumerations were sent in valid requests, and what became of those."""

    def __init__(self, schemas: SatisfiedSchemas) -> None:
        self._schemas = schemas
        self._accepted: Counter[tuple[str, str]] = Counter()
        self._refused: list[set[tuple[str, str]]] = []

    def note(self, judged: Judged) -> None:
        """Takes a request into account if it is valid and was judged as such."""
        pointer = judged.seen.operation.body
        if not pointer or documented_request_accepted.name not in judged.made:
            return
        members = {
            (f"{schema.pointer}/enum", json.dumps(schema.value))
            for schema in self._schemas.find(pointer, judged.seen.request_body)
            if "enum" in schema.statement
        }
        if judged.exchange.is_accepted:
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
