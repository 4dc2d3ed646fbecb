"""Generates the models and the client under generated/ from spec/openapi.yaml.

All or nothing: if anything goes wrong, generated/ stays as it was. With --check nothing is written: generated/ is
compared with what the spec generates now.

exit codes:
  0  generated/ is fresh, or has been made fresh
  1  nothing was generated: the spec is unsound, a generator failed, or the disk is full
  4  with --check: generated/ is stale
  130  interrupted
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.exit_codes import FAILED, FRESH, INTERRUPTED, STALE
from scripts.generate.packages import find_left_out
from scripts.generate.report import report
from scripts.generate.run_generator import GenerationError
from scripts.generate.update import update
from scripts.waiting import waiting
from spec.output import say
from spec.paths import GENERATED, SPEC, short
from spec.reader import SpecError, read_spec

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that the module's docstring describes, and returns its exit code."""
    options = _parse(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    try:
        spec = read_spec(options.spec)
        with waiting("generating the models and the client"):
            differences = update(spec, options.output, check=options.check, allow_missing=options.allow_missing)
    except KeyboardInterrupt:
        say(f"\ninterrupted: {short(options.output)}/ is as it was", file=sys.stderr)
        return INTERRUPTED
    except (SpecError, GenerationError, OSError) as error:
        say(f"{error}\n\nnothing generated: {short(options.output)}/ is as it was", file=sys.stderr)
        return FAILED
    say(report(differences, short(options.output), check=options.check, seconds=time.monotonic() - started))
    if left_out := find_left_out(spec):
        say(f"\nnot in the generated code (docs/generated-code.md):\n{spec.error(left_out)}")
    return STALE if options.check and differences else FRESH


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s generate --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare only; write nothing")
    parser.add_argument(
        "--allow-missing", action="store_true", help="put stubs in the place of operations that the client cannot have"
    )
    parser.add_argument("--spec", type=Path, default=SPEC, help="default: spec/openapi.yaml")
    parser.add_argument("--output", type=Path, default=GENERATED, help="default: generated")
    options = parser.parse_args(argv)
    options.spec, options.output = short(options.spec), Path(os.path.abspath(options.output))  # noqa: PTH100 - links stay
    return options


if __name__ == "__main__":
    raise SystemExit(main())
