"""How much a plan may cost: less for each operation, the more operations share the time of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract

_FEW: Final = 4
"""How many operations get plans that leave out nothing."""


BY_THOROUGH: Final = "--thorough makes them"
"""Why requests are not made that a greater effort would make."""


@dataclass(frozen=True)
class Effort:
    """The limits of one operation's plan."""

    parts: int
    """How many parts of a body are looked at: the deepest ones are left out first."""
    members: int
    """How many members of one enumeration are tried."""
    combines: bool
    """True if tried choices are combined anew."""
    broken: int
    """How many invalid bodies are made."""

    @property
    def is_greatest(self) -> bool:
        """Tells whether no option allows a greater one."""
        return self == _THOROUGH


FULL: Final = Effort(parts=500, members=300, combines=True, broken=5_000)
_SHARED: Final = Effort(parts=120, members=12, combines=False, broken=120)
_THOROUGH: Final = Effort(parts=2_000, members=10_000, combines=True, broken=100_000)


def effort_for(contract: Contract, *, thorough: bool) -> Effort:
    """The limits of each plan of a contract."""
    if thorough:
        return _THOROUGH
    return FULL if sum(bool(operation.contents) for operation in contract.operations) <= _FEW else _SHARED
