"""The last step of a run: its result becomes reports, and a line of its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.report.files import write_result
from contract_tests.run.past import keep_history
from contract_tests.run.unpublished import UnpublishedError

if TYPE_CHECKING:
    from contract_tests.result.result import Result
    from contract_tests.target.options import Options


def publish(result: Result, options: Options) -> None:
    """Writes the reports of a result, and adds it to its history, if that is asked for. Raises UnpublishedError."""
    try:
        write_result(options.report_dir, result)
        keep_history(result, options)
    except OSError as error:
        raise UnpublishedError(result, error) from error
