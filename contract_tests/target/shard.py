"""A shard of a run: the operations that it tests, and its part of the calls. The shards of a run make up the whole."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
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
    return contract.operations if shard is None else _divide(contract, shard.of)[shard.number - 1]


def _divide(contract: Contract, of: int) -> list[tuple[Operation, ...]]:
    """The operations of each shard. Groups stay whole, and the largest are given out first, to whoever has least."""
    groups: defaultdict[int, list[Operation]] = defaultdict(list)
    for operation in contract.operations:
        groups[contract.groups[operation.label]].append(operation)
    held: list[set[str]] = [set() for _ in range(of)]
    for group in sorted(groups.values(), key=len, reverse=True):
        min(held, key=len).update(operation.label for operation in group)
    return [tuple(each for each in contract.operations if each.label in labels) for labels in held]


def calls_of(contract: Contract, shard: Shard | None, max_calls: int | None) -> int | None:
    """A shard's part of the calls. The parts of all shards add up to `max_calls`.

    Each shard that has operations gets one call at first: without it, not even a request that must be turned away is
    sent. The others go to the operations that cost, in equal shares. What cannot be divided goes to the first ones.
    """
    if shard is None or max_calls is None:
        return max_calls
    parts = _divide(contract, shard.of)
    holders = [number for number, part in enumerate(parts, 1) if part][:max_calls]
    costing = [number for number, part in enumerate(parts, 1) for each in part if each.costs] or holders
    least, left = divmod(max_calls - len(holders), max(1, len(costing)))
    return holders.count(shard.number) + least * costing.count(shard.number) + costing[:left].count(shard.number)
