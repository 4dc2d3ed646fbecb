"""Merges how often the parts of a run tried each statement of the contract, and which choices met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from contract_tests.result.coverage import MET, statements_of, with_statements
from contract_tests.result.scope import OF_ANOTHER_SHARD
from contract_tests.result.words import label_of

if TYPE_CHECKING:
    from contract_tests.result.coverage import AnnotatedOperation, Pairs, Statement
    from contract_tests.result.merged_findings import Renumbering
    from contract_tests.result.result import Result

    Contract = tuple[AnnotatedOperation, ...]


def merge_contracts(one: Contract, other: Contract, before: Renumbering, after: Renumbering) -> Contract:
    """The statements with the counts of both parts. One is untried only if neither part tried it.

    `before` and `after` renumber the findings of the first and of the second part.
    """
    pairs = zip(statements_of(one), statements_of(other), strict=True)
    return with_statements(one, (_add(*pair, before, after) for pair in pairs))


def _add(one: Statement, other: Statement, before: Renumbering, after: Renumbering) -> Statement:
    tried = one.tried + other.tried
    # Of a statement that nobody tried, the part says why that was to test it.
    known = [gap for gap in (one.gap, other.gap) if gap not in {None, OF_ANOTHER_SHARD}]
    return structs.replace(
        one,
        tried=tried,
        kept=one.kept + other.kept,
        violated=one.violated + other.violated,
        findings=before.join(one.findings, after, other.findings),
        gap=None if tried else next(iter(known), OF_ANOTHER_SHARD),
    )


def merge_pairs(one: Result, other: Result) -> tuple[Pairs, ...]:
    """The pairs of choices that met in either part, by plan, in the order of the contract."""
    joined = {each.operation: each for each in one.pairs}
    for each in other.pairs:
        joined[each.operation] = _meet(joined[each.operation], each) if each.operation in joined else each
    order = {operation.label: place for place, operation in enumerate(one.contract)}
    return tuple(sorted(joined.values(), key=lambda each: order[label_of(each.operation, order)]))


def _meet(one: Pairs, other: Pairs) -> Pairs:
    rows = zip(one.met, other.met, strict=True)
    return structs.replace(one, met=tuple(_meet_row(*pair) for pair in rows))


def _meet_row(one: str, other: str) -> str:
    return "".join(MET if MET in pair else pair[0] for pair in zip(one, other, strict=True))
