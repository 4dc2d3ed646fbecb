"""Asks Schemathesis about one exchange that it has not made: whether one of its checks still says no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contract_tests.runtime.child import start
from contract_tests.runtime.modules import ANSWERING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from contract_tests.exchange.exchange import Exchange
    from contract_tests.exchange.testimony import Testimony

_PATIENCE: Final = 60.0
"""How long an answer is waited for, in seconds: most of the time is Schemathesis's import."""


@dataclass(frozen=True)
class Question:
    """A question about an exchange: what has this check to say of it?"""

    spec: Path
    path: str
    """Of the operation, as the spec has it."""
    method: str
    """Of the operation, in lower case."""
    path_values: Mapping[str, str]
    """The values of the path's parameters, as the request has them."""
    exchange: Exchange
    check: str
    is_valid: bool
    """True if the request is a valid one to the operation."""
    has_its_method: bool = True
    """False for a request that tries a method which the path does not have."""


def ask(question: Question) -> list[Testimony] | None:
    """The statements of the check against the exchange; None if Schemathesis gives no answer."""
    child = start(ANSWERING)
    try:
        child.channel.send(question)
        answer: list[Testimony] | None = child.channel.recv() if child.channel.poll(_PATIENCE) else None
    except (EOFError, OSError):
        return None
    else:
        return answer
    finally:
        child.end()
