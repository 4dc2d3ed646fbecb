"""A sketch of an exchange: as much of it as the quick way of the judge reads."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from contract_tests.exchange.headers import CONTENT_TYPE, NO_FIELDS, Headers

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from contract_tests.contract.paths import Paths
    from contract_tests.exchange.exchange import Exchange, Part

OMITTED: Final[frozenset[Part]] = frozenset(("credentials",))
"""The parts that every recording omits."""
_READ_BY_CHECKS: Final = frozenset(("allow", "location", "www-authenticate", "retry-after"))
"""The header fields of responses whose values checks read, beside the media type and documented ones."""


_REMEMBERED: Final = 1024
"""How many header fields are remembered, each with what checks read of it."""


class Sketch(Struct, frozen=True):
    """An exchange that need not be made while it breaks nothing."""

    id: str
    kind: Hashable
    """Whatever checks read of it but its bodies; None if they read more than is alike in many."""
    sent: bytes
    """The request's body."""
    received: bytes
    """The response's body."""
    exchange: Callable[[], Exchange]
    """Makes it."""
    target: str = ""
    """The target of the request: a path, perhaps with a query."""
    headers: Headers = NO_FIELDS
    """The header fields of the request."""


def sketch_of(exchange: Exchange, paths: Paths) -> Sketch:
    """The sketch of an exchange that is there."""
    request, response = exchange.request, exchange.response
    operation = paths.find(request.method, request.path)
    if operation is None or response is None or exchange.omitted != OMITTED:
        return Sketch(exchange.id, None, b"", b"", lambda: exchange)
    kind = kind_of(operation.label, response.status, request.headers, response.headers)
    return Sketch(exchange.id, kind, request.body, response.body, lambda: exchange, request.target, request.headers)


@lru_cache(_REMEMBERED)
def kind_of(operation: str, status: int, sent: Headers, received: Headers) -> Hashable:
    """Whatever checks read of an exchange but its bodies, by the label of its operation and its header fields."""
    names = frozenset(received.names)
    if not names.isdisjoint(_READ_BY_CHECKS):
        return None
    return operation, status, tuple(sent.all(CONTENT_TYPE)), tuple(received.all(CONTENT_TYPE)), names
