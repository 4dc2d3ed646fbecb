"""Judges recorded traffic, without pytest: `python -m contract_tests.recordings FILE…`.

It takes the options of the suite that are about recordings and reports. `nox -s contract -- --recording FILE` does the
same.
"""

from __future__ import annotations

import argparse
import gc
from typing import TYPE_CHECKING, Final

from contract_tests.help import add_options
from contract_tests.target.options import OF_THE_ACCOUNT, declared_options

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIELDS: Final = {
    *("report_dir", "url", "format", "strict", "allow_partial", "seed", "started_by"),
    *("recording_format", "processes", "cluster", "show_text", "against", "baseline", "history"),
    *("spec", *OF_THE_ACCOUNT),
}
"""The options that recordings take."""


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says, and returns the exit code of the suite."""
    flags = {name: value for name, value in vars(_parse(argv)).items() if value is not None}
    from contract_tests.judge_files import judge_as_asked  # noqa: PLC0415 - `--help` takes nothing of it

    return judge_as_asked(flags)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.recordings",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "recording",
        nargs="+",
        metavar="FILE",
        help="a file, a folder, a pattern, the URL of a store, or - for standard input",
    )
    add_options(parser, (each for each in declared_options() if each.field in _FIELDS))
    return parser.parse_args(argv)


if __name__ == "__main__":
    gc.disable()  # nothing that is imported ever goes; run/recording.py collects again
    code = main()
    gc.freeze()  # else all is looked through once more, to be freed one by one
    raise SystemExit(code)
