"""Results of shards, merged: in whatever groups, with the same outcome, and nothing lost or counted twice."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.exchange import Exchange
from contract_tests.result.coverage import statements_of
from contract_tests.result.merging import merge, merge_all
from contract_tests.result.scope import LeftOut, ShardPart, unmade
from spec.paths import SPEC
from tests.support.exchanges import answer, call, read
from tests.support.results import nothing_of, result_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.result.coverage import Body
    from contract_tests.result.result import Finding, Result

CALL: Final = "POST /conversations/create_phone_call"
READ: Final = "GET /conversations/{id}"
KINDS: Final[Mapping[str, Callable[[Contract], Result]]] = {
    "conforms": lambda contract: result_of(contract, call()),
    "reads": lambda contract: result_of(contract, read(), reads=False),
    "one cause": lambda contract: result_of(contract, call(status="live"), reads=False),
    "two causes": lambda contract: result_of(
        contract, call(uri=1, status="live"), call(status="live", id="2"), call(uri=1, id="3"), reads=False
    ),
    "another cause": lambda contract: result_of(contract, call(account_id=2, extra=1), reads=False),
    "untestable": lambda contract: result_of(contract, obstacle="It cannot be reached."),
}


@cache
def made(kind: str) -> Result:
    """A result of a kind; a run's results also have what a limit cut off."""
    result = KINDS[kind](read_contract(SPEC))
    check = next(tally for tally in result.checks if not (tally.passed or tally.failed))
    cut = LeftOut(operation=None, thing=f"a request in {kind}", reason="no call is left")
    return structs.replace(result, untried=(unmade(check.name), cut))


@cache
def brief(kind: str) -> Result:
    """A result of a kind with fewer statements, which are many copies of the same."""
    result = made(kind)
    operations = (structs.replace(each, bodies=tuple(map(_begun, each.bodies))) for each in result.contract)
    return structs.replace(result, contract=tuple(operations), facts=result.facts[::4])


def _begun(body: Body) -> Body:
    return structs.replace(body, parts=body.parts[:4])


def merged(*kinds: str) -> Result:
    return merge_all([made(kind) for kind in kinds])


def found(result: Result, headline: str) -> Finding:
    return next(finding for finding in result.findings if headline in finding.headline)


def as_shard(result: Result, number: int, *labels: str) -> Result:
    """The result as one of a shard that tested these operations alone."""
    part = ShardPart(number=number, of=2, operations=labels, max_calls=None)
    operations = tuple(each for each in result.operations if each.label in labels or each.accepted)
    return structs.replace(result, shards=(part,), operations=operations)


@pytest.mark.slow
@settings(max_examples=25)
@given(st.tuples(*[st.sampled_from(sorted(KINDS))] * 3))
def test_it_does_not_matter_in_which_groups_results_are_merged(kinds: tuple[str, str, str]) -> None:
    one, two, three = map(brief, kinds)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))


@pytest.mark.slow
@given(st.sampled_from(sorted(KINDS)))
def test_a_shard_that_sent_nothing_changes_nothing(kind: str) -> None:
    result = merge_all([brief(kind), nothing_of(brief(kind))])
    assert merge(nothing_of(brief(kind)), brief(kind)) == result
    assert result.findings == brief(kind).findings
    assert result.contract == brief(kind).contract


def test_causes_that_are_the_same_are_one() -> None:
    both = merged("one cause", "two causes")
    assert len(both.findings) == 2
    finding = found(both, "status")
    assert (finding.count, finding.exchanges) == (3, (1, 2, 3))
    assert [example.exchange for example in finding.examples] == [1, 2, 3][: len(finding.examples)]


def test_findings_are_numbered_from_the_gravest_as_in_one_run() -> None:
    both = merged("another cause", "two causes")
    assert [finding.number for finding in both.findings] == [1, 2, 3]
    assert [finding.count for finding in both.findings] == sorted((f.count for f in both.findings), reverse=True)
    assert all(f"findings/{finding.number}.json" in finding.reproduce for finding in both.findings)


def test_whatever_refers_to_a_finding_has_its_new_number() -> None:
    both = merged("another cause", "two causes")
    number = found(both, "account_id").number
    assert number != found(made("another cause"), "account_id").number
    (fact,) = (each for each in both.facts if each.findings == (found(both, "status").number,))
    assert fact.name == "ConversationStatus"
    statements = [each for each in statements_of(both.contract) if number in each.findings]
    assert statements
    assert all("account_id" in each.pointer for each in statements)


def test_counts_add_up() -> None:
    one, other = made("one cause"), made("two causes")
    both = merge(one, other)
    assert (both.requests, both.calls) == (one.requests + other.requests, one.calls + other.calls)
    assert both.checks[0].passed == one.checks[0].passed + other.checks[0].passed
    assert both.facts[0].kept == one.facts[0].kept + other.facts[0].kept
    assert sum(phase.requests for phase in both.timeline.phases) == both.requests


def test_a_statement_is_tried_if_any_shard_tried_it() -> None:
    pairs = zip(*(statements_of(made(kind).contract) for kind in ("conforms", "reads")), strict=True)
    expected = [bool(one.tried or other.tried) for one, other in pairs]
    both = merged("conforms", "reads")
    assert [bool(each.tried) for each in statements_of(both.contract)] == expected
    assert [each.gap is None for each in statements_of(both.contract)] == expected


def test_a_check_is_untried_only_if_no_shard_made_it() -> None:
    check = next(tally.name for tally in made("conforms").checks if tally.passed)
    without = structs.replace(made("untestable"), obstacle=None, untried=(unmade(check),))
    assert unmade(check) in merge(without, without).untried
    assert unmade(check) not in merge(without, made("conforms")).untried


def test_an_operation_that_one_shard_accepted_along_a_link_is_no_gap_of_the_shard_that_tests_it() -> None:
    unknown = Exchange(read().request, answer({"detail": "There is none."}, 404))
    first = as_shard(result_of(read_contract(SPEC), call()), 1, CALL)
    second = as_shard(result_of(read_contract(SPEC), unknown, reads=False), 2, READ)
    assert merge(nothing_of(second), second).verdict == "incomplete"
    assert merge(first, second).reason is None


def test_the_gravest_verdict_wins() -> None:
    assert merged("conforms", "one cause", "untestable").verdict == "violates"
    assert merged("conforms", "untestable").verdict == "untestable"
    assert merged("conforms", "reads").verdict == "incomplete"
