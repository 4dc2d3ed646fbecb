"""Says what was found, or why nothing could be: alike for runs, recordings and live traffic."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from contract_tests.exit_codes import USAGE, exit_code
from contract_tests.report.github import make_annotations
from contract_tests.report.summary import make_summary
from contract_tests.report.terminal import describe_verdict
from spec.output import say, say_in_github_log, say_on_run_page

if TYPE_CHECKING:
    from contract_tests.result.result import Result
    from contract_tests.run.unpublished import UnpublishedError
    from contract_tests.target.options import Options


def tell(found: Result, options: Options, *, is_published: bool = True) -> int:
    """Says what was found, in the form that is asked for, and on the page of the run in GitHub Actions.

    Returns the exit code.
    """
    width = terminal_width(is_terminal=sys.stdout.isatty())
    said = f"\n{describe_verdict(found, options.report_dir if is_published else None, width)}"
    if options.format == "github":
        say_in_github_log(said, make_annotations(found))
    else:
        say(said)
    say_on_run_page(make_summary(found))
    return exit_code(found, allow_partial=options.allow_partial)


def tell_unpublished(error: UnpublishedError, options: Options) -> int:
    """Says what was found, and why there are no reports of it; returns the exit code, which is never 0."""
    refuse(f"the reports cannot be written: {error}")
    return tell(error.result, options, is_published=False) or USAGE


def refuse(error: object) -> int:
    """Says why nothing was done, and returns the exit code."""
    say(f"ERROR: {error}", file=sys.stderr)
    return USAGE


def terminal_width(*, is_terminal: bool) -> int | None:
    """The width of the terminal, in columns; None where there is none. The last column stays empty: some would wrap."""
    return shutil.get_terminal_size().columns - 1 if is_terminal else None
