"""A shard of a run: the operations that it tests, and its part of the calls. The shards of a run make up the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.contract.operations import Operation


class Shard(NamedTuple):
    """One of so many parts of a run, by its number from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        """Spells it as `--shard` takes it.

        >>> str(Shard(2, 5))
        '2/5'
        """
        return f"{self.number}/{self.of}"


def held_operations(operations: Sequence[Operation], shard: Shard | None) -> tuple[Operation, ...]:
    """The operations that a shard tests: the first shard has the first one, the next shard the next. None has all."""
    return tuple(operations) if shard is None else tuple(operations[shard.number - 1 :: shard.of])


def calls_of(operations: Sequence[Operation], shard: Shard | None, max_calls: int | None) -> int | None:
    """A shard's part of the calls. The parts of all shards add up to `max_calls`.

    Each shard that has operations gets one call at first: without it, not even a request that must be turned away is
    sent. The others go to the operations that cost, in equal shares. What cannot be divided goes to the first ones.
    """
    if shard is None or max_calls is None:
        return max_calls
    places = range(len(operations))
    costing = [place for place in places if operations[place].costs] or [*places]
    firsts = min(max_calls, shard.of, len(operations))
    least, left = divmod(max_calls - firsts, max(1, len(costing)))
    own = [rank for rank, place in enumerate(costing) if place % shard.of == shard.number - 1]
    return (shard.number <= firsts) + sum(least + (rank < left) for rank in own)
