"""Shares of calls: fair, whole, and never more than is needed."""

from __future__ import annotations

import doctest

from hypothesis import given
from hypothesis import strategies as st

from contract_tests.plan import shares
from contract_tests.plan.shares import share_out

NEEDS = st.lists(st.integers(0, 30), max_size=6)
CALLS = st.integers(0, 100)


def test_the_examples_hold() -> None:
    assert doctest.testmod(shares).failed == 0


@given(NEEDS, CALLS)
def test_all_calls_are_shared_as_far_as_they_are_needed(needs: list[int], calls: int) -> None:
    found = share_out(needs, calls)
    assert sum(found) == min(calls, sum(needs))
    assert all(0 <= share <= need for share, need in zip(found, needs, strict=True))


@given(NEEDS, CALLS)
def test_a_need_that_is_cut_gets_no_less_than_any_other(needs: list[int], calls: int) -> None:
    found = share_out(needs, calls)
    cut = [share for share, need in zip(found, needs, strict=True) if share < need]
    assert not cut or min(cut) >= max(found) - 1
