"""Words for what a schema finds wrong, and where the spec says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spec.reader import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.contract.keywords import Breach

ANY: Final = "*"
"""Stands for any item of an array, in a way to a place."""
_HEADLINE: Final = 120
"""How much of a message stands in a headline, in characters."""
SHOWN: Final = 2_000
"""How much of a long text is shown, in characters."""


def describe_breach(breach: Breach) -> str:
    """A breach in words: where in the body, and what is wrong there."""
    message = breach.message if len(breach.message) <= SHOWN else f"{breach.message[:SHOWN]}…"
    return f"{breach.location or 'the body'}: {message}"


def headline_of_response(breach: Breach, status: int) -> str:
    """Describes the fault of a response in a line."""
    if breach.missing is not None:
        return f"A response lacks {_dotted(breach.location, breach.missing)} ({status})"
    place = _dotted(breach.location)
    return f"A response is wrong{f' at {place}' if place else ''} ({status}): {_short(breach.message)}"


def headline_of_acceptance(breach: Breach) -> str:
    """Describes the fault of an accepted request in a line."""
    if breach.missing is not None:
        return f"A request without {_dotted(breach.location, breach.missing)} is accepted"
    place = _dotted(breach.location)
    return f"A request is accepted that is wrong{f' at {place}' if place else ''}: {_short(breach.message)}"


def _dotted(location: str, *names: str) -> str:
    """A place in a body as people write it: `order.lines[1].sku`."""
    return name_place((*tokens(location), *names))


def name_place(way: Iterable[str]) -> str:
    """The place in a body that some names lead to, as people write it: `order.lines[1].sku`.

    >>> name_place(["order", "lines", "1", "sku"])
    'order.lines[1].sku'
    """
    return "".join(f"[{name}]" if name.isdigit() or name == ANY else f".{name}" for name in way).removeprefix(".")


def _short(text: str) -> str:
    return text if len(text) <= _HEADLINE else f"{text[:_HEADLINE]}…"
