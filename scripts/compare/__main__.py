"""Compares the client with another package for the same API: what both keep through a parse and a dump.

Both packages get the same bodies. Some are instances of the spec. Others are what a newer server may send: each of its
enumerations has a further member, and each of its objects a further field. The other package must have classes of the
same names, with `from_dict` and `to_dict`.

exit codes:
  0  compared
  1  a package cannot be run, or the spec cannot be read
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.compare.table import Package, rows, table
from scripts.exit_codes import FAILED, FRESH
from scripts.fidelity.subjects import CLIENT
from spec.output import say
from spec.paths import SPEC
from spec.reader import SpecError, read_spec

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that the module's docstring describes, and returns its exit code."""
    options = _parse(argv)
    packages = [
        Package(options.title, options.module, options.python),
        Package(CLIENT.partition(".")[0], CLIENT, sys.executable),
    ]
    try:
        say(table(rows(read_spec(options.spec)), packages))
    except (OSError, SpecError) as error:
        say(str(error), file=sys.stderr)
        return FAILED
    except subprocess.CalledProcessError as error:
        say(_explain(error), file=sys.stderr)
        return FAILED
    return FRESH


def _explain(error: subprocess.CalledProcessError) -> str:
    last = (error.stderr.strip().splitlines() or ["it printed nothing"])[-1]
    return f"{error.cmd[-1]} cannot be used by {error.cmd[0]}: {last}"


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--title", required=True, help="the other package's title in the table")
    parser.add_argument("--module", required=True, help="the module with its classes")
    parser.add_argument("--python", required=True, help="the Python interpreter that has it installed")
    parser.add_argument("--spec", type=Path, default=SPEC, help="default: spec/openapi.yaml")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
