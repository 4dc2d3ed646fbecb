"""Facts that a request alone decides, for judgings of equal requests to share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from contract_tests.exchange.exchange import Part, Request

if TYPE_CHECKING:
    from contract_tests.judge.seen import Seen

T = TypeVar("T")

Facts = dict[str, Any]
"""The facts of a request, by the names of the properties of `Seen`."""
FactsOf = Callable[[Request, frozenset[Part]], Facts]
"""Gives the facts of a request of which a recording omits some parts."""


def new_facts(_request: Request, _omitted: frozenset[Part]) -> Facts:
    """No facts yet, of any request."""
    return {}


class of_request(Generic[T]):  # noqa: N801 - a decorator, as `cached_property` is
    """A property of `Seen` that the request alone decides. It is found out once for all that share the facts."""

    def __init__(self, find: Callable[[Seen], T]) -> None:
        self._find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, _owner: type[Seen], name: str) -> None:
        """Takes the name of the property."""
        self._name = name

    def __get__(self, seen: Seen, _owner: type[Seen]) -> T:
        """The fact. The next time, Python finds it among the attributes of the object itself."""
        if self._name not in seen.facts:
            seen.facts[self._name] = self._find(seen)
        fact: T = seen.facts[self._name]
        seen.__dict__[self._name] = fact
        return fact
