"""The contract, annotated: its statements in their order, each with what the exchanges of a record tell of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from contract_tests.contract.message_parts import PARAMETERS, is_of_request, key_of_parts, presences
from contract_tests.contract.statements import Key
from contract_tests.judge.counts import Place
from contract_tests.result.coverage import AnnotatedOperation, Body, BodyPart, Statement
from contract_tests.result.scope import OF_ANOTHER_SHARD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.contract.rules import Rule
    from contract_tests.contract.statements import Section, Stated
    from contract_tests.judge.statement_counts import Count, StatementCounts
    from contract_tests.result.result import CheckTally, Finding

_OF_PARAMETERS: Final = 2
"""The depth of a parameter: it is within its location, and that is within all parameters."""
_NO_REQUEST: Final = "no request had it"
_NO_RESPONSE: Final = "no response had it"
_NO_STATUS: Final = "no response with the status {status} came"
_UNNAMED: Final = "not judged: in no response, all parts had names (`Content-Disposition: form-data; name=…`)"
_NO_OCCASION: Final = "no response gave occasion to judge it"

_ABOUT_ACCEPTANCE: Final = "documented_request_accepted judges it: this rule says who promises that"


class Told(NamedTuple):
    """Everything that a record tells of statements."""

    counts: StatementCounts
    checks: Sequence[CheckTally]
    findings: Sequence[Finding]
    gaps: Mapping[Key, str]
    """The reasons why statements about requests were not tried, as far as they are known."""
    elsewhere: frozenset[str] = frozenset()
    """The labels of the operations that other shards of the run test."""


def annotate(contract: Contract, told: Told) -> tuple[AnnotatedOperation, ...]:
    """Every operation of the contract, with what is known of its statements."""
    broken, refused = _find_broken(told.findings), _count_refused(told.findings)
    annotating = (_Annotating(contract, told, of, _of_schema(of), broken, refused) for of in contract.operations)
    return tuple(each.operation() for each in annotating)


def _of_schema(operation: Operation) -> Mapping[Key, Key]:
    """Maps statements of the spec about the presence of parameters to those that the schema of them all makes."""
    return {stated: each for each, stated in presences(operation).items()}


def _find_broken(findings: Sequence[Finding]) -> Mapping[Key, tuple[int, ...]]:
    """The numbers of the findings that break each statement."""
    numbers: defaultdict[Key, dict[int, None]] = defaultdict(dict)
    for finding in findings:
        for failure in (*finding.failures, *finding.consequences):
            numbers[Key(failure.pointer, failure.missing)][finding.number] = None
        for key in _chosen(finding):
            numbers[key][finding.number] = None
    return {key: tuple(found) for key, found in numbers.items()}


def _count_refused(findings: Sequence[Finding]) -> Mapping[Key, int]:
    """How many valid requests were refused for each statement that they made use of."""
    counts: Counter[Key] = Counter()
    for finding in findings:
        counts.update(dict.fromkeys(_chosen(finding), finding.count))
    return counts


def _chosen(finding: Finding) -> Iterator[Key]:
    """The statements that a finding is due to: a member, or the bound or the like that a choice was about."""
    for choice in finding.due_to:
        yield Key(choice.pointer, choice.words.rpartition(": ")[2])
        if not choice.pointer.endswith("/enum"):  # a refused member breaks nothing that is said of other values
            yield Key(choice.pointer)


class _Annotating(NamedTuple):
    """The annotating of one operation."""

    contract: Contract
    told: Told
    of: Operation
    of_schema: Mapping[Key, Key]
    broken: Mapping[Key, tuple[int, ...]]
    refused: Mapping[Key, int]

    def operation(self) -> AnnotatedOperation:
        """The operation with its bodies and rules."""
        sections = {**self.contract.request_sections(self.of), **self.contract.response_sections(self.of)}
        bodies = tuple(self._body(name, parts) for name, parts in sections.items())
        rules = [*self.contract.rules, *self.contract.acceptance_rules]
        about = (rule for rule in rules if rule.is_about(self.of))
        return AnnotatedOperation(label=self.of.label, bodies=bodies, rules=tuple(map(self._rule, about)))

    def _body(self, name: str, sections: Sequence[Section]) -> Body:
        place, parts, parameter = Place(self.of.label, name), [], ""
        for section in sections:
            parameter = section.pointer if name == PARAMETERS and section.depth == _OF_PARAMETERS else parameter
            parts.append(self._part(place, section, parameter))
        return Body(name=name, parts=tuple(parts))

    def _part(self, place: Place, section: Section, parameter: str) -> BodyPart:
        return BodyPart(
            name=section.name,
            depth=section.depth,
            pointer=section.pointer,
            location=self.contract.locate(section.pointer),
            description=section.description,
            seen_above=section.seen_above,
            statements=tuple(self._statement(place, stated, parameter) for stated in section.statements),
        )

    def _statement(self, place: Place, stated: Stated, parameter: str) -> Statement:
        key = stated.key
        count = self._count(place, key)
        return Statement(
            kind=stated.kind,
            words=stated.words,
            pointer=key.pointer,
            location=self.contract.locate(key.pointer),
            standing=self.contract.standing(key.pointer),
            tried=count.tried,
            kept=count.kept,
            violated=count.violated,
            findings=self._findings(key, parameter if count.violated else ""),
            gap=None if count.tried else self._gap(place, key),
        )

    def _count(self, place: Place, key: Key) -> Count:
        """The counts of a statement, with the valid requests that were refused for it."""
        count = self.told.counts.count(place, key)
        if not self.refused or not is_of_request(place.body):
            return count
        refused = sum(self.refused.get(each, 0) for each in self._spellings(key))
        return count._replace(violated=min(count.tried, count.violated + refused))

    def _spellings(self, key: Key) -> Iterator[Key]:
        """The statement as the spec makes it, and as the schema of all parameters does."""
        yield key
        if key in self.of_schema:
            yield self.of_schema[key]

    def _findings(self, key: Key, parameter: str) -> tuple[int, ...]:
        """The numbers of the findings that break a statement. Of a parameter, they tell no more than the parameter."""
        if not self.broken:  # as at most servers
            return ()
        keys = [*self._spellings(key), *((Key(key.pointer), Key(parameter)) if parameter else ())]
        return next((self.broken[each] for each in keys if each in self.broken), ())

    def _gap(self, place: Place, key: Key) -> str:
        if self.of.label in self.told.elsewhere:
            return OF_ANOTHER_SHARD
        if is_of_request(place.body):
            keys = (*self._spellings(key), Key(key.pointer))
            return next((self.told.gaps[each] for each in keys if each in self.told.gaps), _NO_REQUEST)
        if not self.told.counts.bodies(place):
            return _NO_STATUS.format(status=place.body.replace(" ", " as ", 1))
        is_of_parts = key == key_of_parts(key.pointer.removesuffix("/schema"))
        return _UNNAMED if is_of_parts else _NO_RESPONSE

    def _rule(self, rule: Rule) -> Statement:
        tally = next((each for each in self.told.checks if each.name == rule.name), None)
        gap = _ABOUT_ACCEPTANCE if rule.is_about_acceptance else _NO_OCCASION
        kept, violated = (tally.passed, tally.failed) if tally else (0, 0)
        numbers = (finding.number for finding in self.told.findings if rule.name in finding.checks)
        return Statement(
            kind="rule",
            words=f"{rule.name}: {rule.says}",
            pointer=rule.pointer,
            location=self.contract.locate(rule.pointer),
            standing=self.contract.standing(rule.pointer),
            tried=kept + violated,
            kept=kept,
            violated=violated,
            findings=tuple(numbers),
            gap=None if kept + violated else gap,
        )
