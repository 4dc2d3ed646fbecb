"""Many comparisons by Redocly CLI in one process: it takes longer to start than to compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scripts.redocly.answer import CONFIG, TIMEOUT
from scripts.redocly.installation import cli
from scripts.redocly.node import run_node

if TYPE_CHECKING:
    from collections.abc import Sequence

_SCRIPT: Final = Path(__file__).with_suffix(".mjs")


def diff_all(base: Path, documents: Sequence[Path]) -> list[dict[str, Any]]:
    """The answers of `redocly diff` to the base with each document."""
    done = run_node(_SCRIPT, cli(), base, CONFIG, *documents, cwd=None, timeout=TIMEOUT)
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    if len(answers) != len(documents):
        raise RuntimeError(f"{len(documents)} documents, {len(answers)} answers:\n{done.stderr}")
    return answers
