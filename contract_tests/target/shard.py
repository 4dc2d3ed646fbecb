"""A shard of a run: the operations that it tests, and its part of the calls. The shards of a run make up the whole."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.contract.contract import Contract
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


def held_operations(contract: Contract, shard: Shard | None) -> tuple[Operation, ...]:
    """The operations that a shard tests, in the spec's order. None has all."""
    return contract.operations if shard is None else _divide(contract.families, shard.of)[shard.number - 1]


def _divide(families: Sequence[Sequence[Operation]], of: int) -> list[tuple[Operation, ...]]:
    """The operations of each shard. Families stay whole, and the largest are given out first, to whoever has least."""
    parts: list[list[Operation]] = [[] for _ in range(of)]
    for family in sorted(families, key=len, reverse=True):
        min(parts, key=len).extend(family)
    order = {operation.label: place for place, operation in enumerate(chain.from_iterable(families))}
    return [tuple(sorted(part, key=lambda each: order[each.label])) for part in parts]


def calls_of(contract: Contract, shard: Shard | None, max_calls: int | None) -> int | None:
    """A shard's part of the calls. The parts of all shards add up to `max_calls`.

    Each shard that has operations gets one call at first: without it, not even a request that must be turned away is
    sent. The others go to the operations that cost, in equal shares. What cannot be divided goes to the first ones.
    """
    if shard is None or max_calls is None:
        return max_calls
    parts = _divide(contract.families, shard.of)
    holders = [number for number, part in enumerate(parts, 1) if part][:max_calls]
    costing = [number for number, part in enumerate(parts, 1) for each in part if each.costs] or holders
    least, left = divmod(max_calls - len(holders), max(1, len(costing)))
    return holders.count(shard.number) + least * costing.count(shard.number) + costing[:left].count(shard.number)
