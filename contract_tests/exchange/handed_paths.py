"""The paths of the things that an exchange created, which links hand over to other requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from contract_tests.exchange.runtime_expressions import fill_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contract_tests.exchange.exchange import Exchange
    from spec.json_value import Json


class _Value(Protocol):
    """A value that a link hands over."""

    @property
    def name(self) -> str: ...

    @property
    def expression(self) -> Json: ...


class _Link(Protocol):
    """A way from a response to requests about what it created."""

    @property
    def place(self) -> str | None: ...

    @property
    def values(self) -> Sequence[_Value]: ...


def handed_paths(links: Iterable[_Link], exchange: Exchange, variables: Mapping[str, str]) -> dict[str, str]:
    """The paths of what an accepted exchange created, by their templates. The paths of requests about it begin so.

    `links` lead from its response; `variables` are the texts in the path of its request.
    """
    found: dict[str, str] = {}
    if exchange.is_masked:
        return found  # a response that held the token must lead to no path
    for link in links:
        if link.place:
            values = {each.name: each.expression for each in link.values if f"{{{each.name}}}" in link.place}
            if path := fill_path(link.place, values, exchange, variables):
                found[link.place] = path
    return found
