"""The shards of a run: together they have every operation once, and never more calls than the run."""

from __future__ import annotations

import doctest
from itertools import chain
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contract_tests.contract.operations import Operation
from contract_tests.target import shard as module
from contract_tests.target.shard import Shard, calls_of, held_operations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.contract.contract import Contract

FREE = Operation("GET", "/things", "/paths/~1things/get", None, {}, costs=False)
COSTING = replace(FREE, method="POST", costs=True)


def made(kinds: Sequence[bool], *groups: int) -> Contract:
    """A stand-in for a contract with operations that cost or not, the first of which are in groups of these sizes."""
    operations = [replace(COSTING if costs else FREE, path=f"/{number}") for number, costs in enumerate(kinds)]
    sizes = (*groups, *[1] * (len(kinds) - sum(groups)))
    numbers = chain.from_iterable([number] * size for number, size in enumerate(sizes))
    group_of = {each.label: number for each, number in zip(operations, numbers, strict=True)}
    return cast("Contract", SimpleNamespace(operations=tuple(operations), groups=group_of))


def all_shards(of: int) -> list[Shard]:
    return [Shard(number, of) for number in range(1, of + 1)]


def parts(contract: Contract, of: int, max_calls: int) -> list[int]:
    return [calls_of(contract, shard, max_calls) or 0 for shard in all_shards(of)]


def test_the_examples_of_docstrings_hold() -> None:
    assert doctest.testmod(module).failed == 0


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(1, 8))
def test_each_operation_is_in_one_shard(kinds: list[bool], of: int) -> None:
    contract = made(kinds)
    held = [each for shard in all_shards(of) for each in held_operations(contract, shard)]
    assert sorted(each.path for each in held) == sorted(each.path for each in contract.operations)


def test_operations_about_the_same_things_stay_together() -> None:
    held = [held_operations(made([True] * 6, 3), shard) for shard in all_shards(2)]
    assert [[each.path for each in part] for part in held] == [["/0", "/1", "/2"], ["/3", "/4", "/5"]]


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(1, 8), st.integers(0, 10**9))
def test_the_shards_share_out_exactly_the_calls(kinds: list[bool], of: int, max_calls: int) -> None:
    assert sum(parts(made(kinds), of, max_calls)) == max_calls


@pytest.mark.parametrize(
    ("costing", "of", "max_calls", "expected"),
    [(5, 5, 7, [2, 2, 1, 1, 1]), (4, 2, 9, [5, 4]), (3, 2, 30, [20, 10]), (5, 5, 3, [1, 1, 1, 0, 0])],
)
def test_operations_that_cost_have_equal_shares(costing: int, of: int, max_calls: int, expected: list[int]) -> None:
    assert parts(made([True] * costing), of, max_calls) == expected


def test_a_shard_without_operations_that_cost_has_the_one_call_that_refused_requests_need() -> None:
    assert parts(made([True, False]), 2, 41) == [40, 1]


def test_a_shard_without_operations_has_no_calls() -> None:
    assert parts(made([True, True]), 4, 10) == [5, 5, 0, 0]


def test_without_a_limit_no_shard_has_one() -> None:
    assert calls_of(made([True]), Shard(1, 2), None) is None
