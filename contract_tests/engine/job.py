"""The work of the engine's process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

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


LOG: Final = "schemathesis.log"
REPORT: Final = "schemathesis.ndjson"
"""The files that the process leaves in its folder."""
MAY_SEND: Final = "send"
"""The run's word, after the job, that requests may be sent from now on."""
