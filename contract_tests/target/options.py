"""How to run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SPEC: Final = ROOT / "spec" / "openapi.yaml"
MAX_SEED: Final = 2**32
"""Seeds are whole numbers below this."""


@dataclass(frozen=True)
class Options:
    """How to run. Times are in seconds."""

    report_dir: Path
    token_env: str
    """The variable that holds the token, for commands that a finding shows."""
    seed: int
    spec: Path = SPEC
    connect_timeout: float = 10.0
    time_limit: float = 300.0
    all_known_names: bool = False
    """Whether to try every known name where any string is accepted, or one of each list."""
    fail_fast: bool = False
    """Whether to stop after the first request that a check finds something with, and to leave it at that."""
    max_calls: int | None = None
    """How many calls may be made at most. Every answer but a 4xx counts, and no answer too."""
    strict: bool = False
    """Whether additive drift violates the contract."""
    fuzzing: bool = True
    """Whether to send random requests after the planned and the precise ones."""
