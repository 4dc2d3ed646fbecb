"""The exit codes of the suite, beside pytest's own. nox itself only knows 0 and 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from contract_tests.result.result import Result

CONFORMS: Final = 0
VIOLATES: Final = 1
INTERRUPTED: Final = 2
"""pytest's code for Ctrl-C."""
INTERNAL_ERROR: Final = 3
"""pytest's code for a fault of the suite itself."""
USAGE: Final = 4
"""pytest's code for options that cannot be used."""
UNTESTABLE: Final = 7
"""Nothing can be claimed of the target."""
INCOMPLETE: Final = 8
"""Everything tried conforms, and a limit left something out."""


def exit_code(result: Result, *, allow_partial: bool) -> int:
    """The exit code of a result. A baseline that is out of date fails, unless nothing can be said at all."""
    if result.verdict == "untestable":
        return UNTESTABLE
    if result.verdict == "violates" or (result.baseline and not result.baseline.is_up_to_date):
        return VIOLATES
    return INCOMPLETE if result.verdict == "incomplete" and not allow_partial else CONFORMS
