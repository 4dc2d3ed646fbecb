"""The drift gate. It asks: Is the spec sound? Is generated/ fresh? What does a change break? Is that announced?

It changes no file: code is generated into a temporary folder. The spec is compared with that of the merge base with the
main branch. In GitHub Actions this is the pull request's base. --base compares with a file or git revision instead.

exit codes:
  0  sound and fresh, and every change is announced by the version and the changelog
  1  unsound, or a change is not announced, or a question could not be answered
  4  generated/ is stale, and nothing else is wrong; `nox -s generate` updates it
  130  interrupted
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scripts.drift.forms.github import commands
from scripts.drift.forms.json_form import as_json
from scripts.drift.forms.summary import summary
from scripts.drift.forms.table import table
from scripts.drift.gate import run
from scripts.exit_codes import INTERRUPTED
from scripts.waiting import waiting
from spec.output import say, say_in_github_log, say_json, say_on_run_page
from spec.paths import GENERATED, SPEC, short

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scripts.drift.report import Report


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that the module's docstring describes, and returns its exit code."""
    options = _parse(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with waiting("judging the spec and what it generates"):
            report = run(options.spec, options.output, options.base)
        say_on_run_page(summary(report))
        _SAYERS[options.format](report)
    except BrokenPipeError:  # The user piped into `head`. Python must not try to write the rest at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        say("\ninterrupted: nothing was judged, and nothing changed", file=sys.stderr)
        return INTERRUPTED
    return report.exit_code


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s drift --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--base", metavar="REF_OR_FILE", help="compare with this file or git revision instead of the merge base"
    )
    parser.add_argument("--format", choices=tuple(_SAYERS), default="table", help="default: table")
    parser.add_argument("--spec", type=Path, default=SPEC, help="default: spec/openapi.yaml")
    parser.add_argument("--output", type=Path, default=GENERATED, help="default: generated")
    options = parser.parse_args(argv)
    options.spec, options.output = short(options.spec), short(options.output)
    return options


_SAYERS: Final[Mapping[str, Callable[[Report], None]]] = {
    "table": lambda report: say(table(report)),
    "json": lambda report: say_json(as_json(report)),
    "github": lambda report: say_in_github_log(table(report), commands(report)),
}
"""The forms of a report, by name."""


if __name__ == "__main__":
    raise SystemExit(main())
