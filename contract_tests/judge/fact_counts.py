"""Counts how often each documented fact was kept, and finds what breaks it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.bodies import NOT_JSON, read_json
from contract_tests.judge.additions import Additions
from contract_tests.judge.checks.requests import documented_request_accepted, invalid_request_refused
from contract_tests.judge.checks.responses import response_schema_conformance
from contract_tests.result.result import FactTally

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from contract_tests.contract.contract import Contract, Standing
    from contract_tests.contract.facts import Fact
    from contract_tests.contract.satisfied import SatisfiedSchema
    from contract_tests.judge.alike import Alike
    from contract_tests.judge.counts import Counts
    from contract_tests.judge.judge import Judged
    from contract_tests.result.result import Finding

_REMEMBERED: Final = 16
"""Of how many responses the schemas that they satisfy are remembered: many at once keep the garbage collector busy."""
_BREAK_FACTS: Final = frozenset((response_schema_conformance.name, invalid_request_refused.name))
"""Checks that find required fields absent, and values that are no members of their enumerations."""


class FactCounts:
    """Counts the facts that exchanges keep."""

    def __init__(self, contract: Contract, counts: Counts) -> None:
        self._contract = contract
        self._facts = {(fact.pointer, fact.name if fact.kind == "required" else None): fact for fact in contract.facts}
        self._counts = counts
        self._schemas = contract.satisfied
        # A server refuses many requests in the same words.
        self._applied = lru_cache(_REMEMBERED)(self._find_applied)
        self.additions = Additions(contract, counts)

    def note(self, judged: Judged) -> None:
        """Takes an exchange into account."""
        seen = judged.seen
        if judged.exchange.response:
            satisfied, others = self._applied(seen.response_schema, seen.response.body)
            self.additions.note(satisfied, seen.sent.body)
            self._counts.kept.update(self.facts_of(satisfied))
            self._counts.not_judged.update(self.facts_of(others))
        self._note_members(judged)

    def note_alike(self, alike: Alike, times: int) -> None:
        """Takes exchanges into account that break nothing and are alike."""
        for body in (alike.sent, alike.received):
            for fact in body.facts:
                self._counts.kept[fact] += times
        self.additions.note_alike(alike, times)

    def _note_members(self, judged: Judged) -> None:
        """Takes the members of enumerations in a valid request into account: kept if it was accepted."""
        pointer = judged.seen.sent.body_pointer
        if pointer and judged.seen.sent.body is not NOT_JSON and documented_request_accepted.name in judged.made:
            schemas = self._schemas.find(pointer, judged.seen.sent.body)
            counts = self._counts.kept if judged.exchange.is_accepted else self._counts.not_judged
            counts.update(self.members_of(schemas))

    def _find_applied(self, pointer: str | None, content: bytes) -> tuple[list[SatisfiedSchema], list[SatisfiedSchema]]:
        """The schemas that a body satisfies, and the others that apply to its parts."""
        body = read_json(content) if pointer else NOT_JSON
        applied = [] if pointer is None or body is NOT_JSON else self._schemas.find_applied(pointer, body)
        return [schema for schema, is_kept in applied if is_kept], [
            schema for schema, is_kept in applied if not is_kept
        ]

    def facts_of(self, schemas: list[SatisfiedSchema]) -> list[Fact]:
        """The facts that satisfied schemas keep."""
        return [self._facts[place] for place in _places(schemas) if place in self._facts]

    def members_of(self, schemas: list[SatisfiedSchema]) -> list[Fact]:
        """The enumerations of which satisfied schemas have a member."""
        members = self.facts_of([schema for schema in schemas if "enum" in schema.statement])
        return [fact for fact in members if fact.kind == "enum"]

    def tallies(self, findings: Sequence[Finding], warnings: Collection[Standing]) -> tuple[FactTally, ...]:
        """The tally of each fact."""
        return tuple(self._tally(fact, findings, warnings) for fact in self._contract.facts)

    def _tally(self, fact: Fact, findings: Sequence[Finding], warnings: Collection[Standing]) -> FactTally:
        standing = self._contract.standing(fact.pointer)
        breaches = [(text, finding.number) for finding in findings for text in _breaches(fact, finding)]
        return FactTally(
            kind=fact.kind,
            name=fact.label,
            pointer=fact.pointer,
            location=self._contract.locate(fact.pointer),
            standing=standing,
            kept=self._counts.kept[fact],
            not_judged=self._counts.not_judged[fact],
            breaches=tuple(dict.fromkeys(text for text, _ in breaches)),
            findings=tuple(dict.fromkeys(number for _, number in breaches)),
            is_warning=standing in warnings,
        )


def _breaches(fact: Fact, finding: Finding) -> Iterator[str]:
    """The ways in which a finding breaks a fact."""
    name = fact.name if fact.kind == "required" else None
    for failure in (*finding.failures, *finding.consequences):
        if failure.check in _BREAK_FACTS and (failure.pointer, failure.missing) == (fact.pointer, name):
            yield failure.headline
    if finding.check == documented_request_accepted.name:
        yield from (
            f"{finding.headline}, due to {each.words}" for each in finding.due_to if each.pointer == fact.pointer
        )


def _places(satisfied: list[SatisfiedSchema]) -> Iterator[tuple[str, str | None]]:
    """The required fields that are there, and the enumerations, as pointer of the keyword and name of the field."""
    for schema in satisfied:
        if "enum" in schema.statement:
            yield f"{schema.pointer}/enum", None
        # Judged by the schema as a whole: jsonschema-rs reports no `required` of its own where two fields are.
        names = [name for name in schema.statement.get("required", ()) if _has(schema.value, name)]
        yield from ((f"{schema.pointer}/required", name) for name in names)


def _has(value: object, name: str) -> bool:
    return isinstance(value, dict) and name in value
