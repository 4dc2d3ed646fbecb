"""Words for what a schema finds wrong, and where the spec says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spec.paths import ROOT

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.contract.keywords import Breach

SHOWN: Final = 2_000
"""How much of a long text is shown, in characters."""


def describe_breach(breach: Breach) -> str:
    """A breach in words: where in the body, and what is wrong there."""
    message = breach.message if len(breach.message) <= SHOWN else f"{breach.message[:SHOWN]}…"
    return f"{breach.location or 'the body'}: {message}"


def locate(contract: Contract, pointer: str) -> str:
    """The place that a pointer leads to, as `path:line`, from the repository's root where the spec is below it."""
    path = contract.spec.path.resolve()
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{shown}:{contract.place(pointer).line}"
