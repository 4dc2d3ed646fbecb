"""The work of the engine's process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.target.own_values import OwnValues


@dataclass(frozen=True)
class Job:
    """The work of the engine's process: a command line of Schemathesis, in a folder of its own."""

    arguments: tuple[str, ...]
    folder: Path
    own_values: OwnValues | None
    """The values to put into every request, if the target has any."""


LOG = "schemathesis.log"
REPORT = "schemathesis.ndjson"
"""The files that the process leaves in its folder."""
