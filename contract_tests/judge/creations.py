"""The creations of things: the requests of a record without which others would be about nothing."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from contract_tests.contract.paths import path_values
from contract_tests.exchange.runtime_expressions import fill_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange


class Creations:
    """The exchanges of a record that created things, by the paths of these."""

    def __init__(self, contract: Contract, exchanges: Iterable[Exchange]) -> None:
        self._contract = contract
        self._exchanges = tuple(exchanges)

    def behind(self, exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
        """The exchanges that created what others name, and what those name in turn; none that is among the others."""
        found, waiting = set[int](), list(exchanges)
        while waiting:
            for begin in _begins(waiting.pop().request.path):
                place = self._by_path.get(begin)
                if place is not None and place not in found and self._exchanges[place] not in exchanges:
                    found.add(place)
                    waiting.append(self._exchanges[place])
        return tuple(self._exchanges[place] for place in sorted(found))

    @cached_property
    def _by_path(self) -> dict[str, int]:
        """The place of the exchange in the record that created what is at a path."""
        made: dict[str, int] = {}
        for place, each in enumerate(self._exchanges) if self._contract.links else ():
            made |= dict.fromkeys(created_paths(self._contract, each).values(), place)
        return made


def created_paths(contract: Contract, exchange: Exchange) -> dict[str, str]:
    """The paths of what an exchange created, by their templates. The paths of requests about it begin so."""
    source = contract.paths.find(exchange.request.method, exchange.request.path)
    if source is None or exchange.response is None or not exchange.is_accepted or exchange.is_masked:
        return {}  # a response that held the token must lead to no path
    key, variables = source.response_key(exchange.response.status), path_values(source.path, exchange.request.path)
    found = {}
    for link in contract.links:
        if link.place and (link.source, link.key) == (source, key):
            values = {each.name: each.expression for each in link.values if f"{{{each.name}}}" in link.place}
            if path := fill_path(link.place, values, exchange, variables):
                found[link.place] = path
    return found


def _begins(path: str) -> Iterator[str]:
    """A path, and each shorter one that it begins with, the longest first."""
    parts = path.split("/")
    yield from ("/".join(parts[:length]) for length in range(len(parts), 1, -1))
