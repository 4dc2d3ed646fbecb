"""Ctrl-C during a run, or while a recording is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract_tests.result.result import Result


class RunInterrupted(KeyboardInterrupt):
    """Ctrl-C came during a run. `result` is what was found until then."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result
