"""The result of a run that could not be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract_tests.result.result import Result


class UnpublishedError(OSError):
    """A result cannot be written, such as on a full disk. It is not lost: `result` has it."""

    def __init__(self, result: Result, error: OSError) -> None:
        super().__init__(error.errno, error.strerror or str(error), error.filename)
        self.result = result
