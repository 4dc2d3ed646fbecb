"""The guard's orders, and the words that it and the run exchange."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contract_tests.target.costs import Costs
from contract_tests.target.credentials import BEARER_ALONE

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.target.credentials import Credentials
    from contract_tests.target.limits import Limits
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target

CATCH_UP: Final = "catch up"
"""The run asks for all exchanges so far; the guard says so once it has told them."""
STOP: Final = "stop"
"""The run is to end."""


@dataclass(frozen=True)
class Errand:
    """The guard's orders. Times are in seconds."""

    url: str
    """Of the target, without a slash at the end."""
    limits: Limits
    max_calls: int | None
    connect_timeout: float
    spec: Path
    max_wait: float
    """How long to wait in all, where the target asks for time."""
    costs: Costs
    credentials: Credentials = BEARER_ALONE
    workers: int = 1
    """How many operations are tested at the same time."""


def make_errand(target: Target, options: Options, contract: Contract) -> Errand:
    """Makes the orders for a run against a target."""
    return Errand(
        url=target.url,
        limits=target.limits,
        max_calls=options.max_calls,
        connect_timeout=options.connect_timeout,
        spec=options.spec.resolve(),
        max_wait=options.max_wait,
        costs=Costs(contract.operations),
        credentials=target.credentials(contract.operations),
        workers=options.workers,
    )
