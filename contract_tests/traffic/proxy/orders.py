"""The proxy's orders, and what its process and the judge say to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from contract_tests.target.limits import Limits
    from contract_tests.traffic.entry import Entry

STOP: Final = "stop"
"""The judge asks for an end."""
GRACE: Final = 5.0
"""How long requests under way may take once the proxy is to end, in seconds."""
MAX_WAITING: Final = 64 * 2**20
"""How much waits for the judge at most, in bytes of bodies. What comes then is passed on and not judged."""


@dataclass(frozen=True)
class Orders:
    """The proxy's orders."""

    url: str
    """The base URL of the server, without a slash at the end."""
    spec: Path
    limits: Limits
    max_calls: int | None
    port: int
    """The port to listen on; 0 for any free one."""
    costs: Mapping[str, bool] = field(default_factory=dict)
    """Which operations cost, by their labels, where the spec is not to have its say."""


class Listening(NamedTuple):
    """The proxy's first word: its base URL, or why it cannot listen."""

    url: str
    trouble: str | None = None


class Passed(NamedTuple):
    """An exchange that came to the proxy."""

    entry: Entry
    refusal: str | None = None
    """The limit that kept its request from the server; None if it passed."""
    trouble: str | None = None
    """Why the server gave no whole response to an application that waited for it; None if it did."""


class Over(NamedTuple):
    """The proxy's last word."""

    dropped: int
    """How many exchanges passed while too many waited for the judge."""
    unfinished: int = 0
    """How many were still under way when the proxy ended."""
