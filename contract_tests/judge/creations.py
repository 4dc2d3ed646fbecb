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
    """The exchanges of a record that created and deleted things, by the paths of these."""

    def __init__(self, contract: Contract, exchanges: Iterable[Exchange]) -> None:
        self._contract = contract
        self._exchanges = tuple(exchanges)

    def behind(self, exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
        """The exchanges without which the last of some would be about nothing, or about a thing in another state.

        They created what these name, and what they name in turn; and they deleted it, if that was before the last one.
        """
        found, waiting, end = set[int](), list(exchanges), self._exchanges.index(exchanges[-1])
        while waiting:
            for begin in _begins(waiting.pop().request.path):
                places = (self._created.get(begin), self._deleted.get(begin))
                new = {each for each in places if each is not None and each < end} - found
                new = {each for each in new if self._exchanges[each] not in exchanges}
                found |= new
                waiting += (self._exchanges[each] for each in new)
        return tuple(self._exchanges[place] for place in sorted(found))

    @cached_property
    def _created(self) -> dict[str, int]:
        """The place of the exchange in the record that created what is at a path."""
        made: dict[str, int] = {}
        for place, each in enumerate(self._exchanges) if self._contract.links else ():
            made |= dict.fromkeys(created_paths(self._contract, each).values(), place)
        return made

    @cached_property
    def _deleted(self) -> dict[str, int]:
        """The place of the exchange in the record that deleted what was created at a path."""
        deletions = ((place, each) for place, each in enumerate(self._exchanges) if each.request.method == "DELETE")
        return {each.request.path: place for place, each in deletions if each.is_accepted and self._is_thing(each)}

    def _is_thing(self, exchange: Exchange) -> bool:
        return exchange.request.path in self._created


def created_paths(contract: Contract, exchange: Exchange) -> dict[str, str]:
    """The paths of what an exchange created, by their templates. The paths of requests about it begin so."""
    source = contract.paths.find(exchange.request.method, exchange.request.path)
    if source is None or exchange.response is None or not exchange.is_accepted or exchange.is_masked:
        return {}  # a response that held the token must lead to no path
    variables, found = path_values(source.path, exchange.request.path), {}
    for link in contract.links_from(source, exchange.response.status):
        if link.place:
            values = {each.name: each.expression for each in link.values if f"{{{each.name}}}" in link.place}
            if path := fill_path(link.place, values, exchange, variables):
                found[link.place] = path
    return found


def _begins(path: str) -> Iterator[str]:
    """A path, and each shorter one that it begins with, the longest first."""
    parts = path.split("/")
    yield from ("/".join(parts[:length]) for length in range(len(parts), 1, -1))
