"""Shares of the calls that a run may make, among the operations that need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def share_out(needs: Sequence[int], calls: int) -> list[int]:
    """The share of each need in a number of calls: all of it where it is small, and else as much as any other gets.

    >>> share_out([3, 20, 20], 15)
    [3, 6, 6]

    What cannot be divided goes to the first: `share_out([5, 5], 3)` is `[2, 1]`.
    """
    shares = [0] * len(needs)
    left = min(calls, sum(needs))
    while left:
        hungry = [index for index, need in enumerate(needs) if shares[index] < need][:left]
        more = min(left // len(hungry), *(needs[index] - shares[index] for index in hungry))
        for index in hungry:
            shares[index] += more
        left -= more * len(hungry)
    return shares
