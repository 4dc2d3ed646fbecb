"""Holds generated/ to the spec: instances of every request and response body, valid ones and nearly valid ones.

jsonschema-rs judges each instance by the spec, and the Pydantic models must judge alike. A valid instance must survive
a parse and a dump, by the models and by the client's classes: the JSON stays the same, apart from the order of keys.
Where the models judge otherwise, generation must have told of the statement that they do not hold.

Then holds the drift gate to jsonschema-rs: pairs of random schemas, and instances of them. A change that the gate calls
compatible must refuse no request that was accepted before, and allow no response that was not.

exit codes:
  0  no disagreement and no loss
  1  a disagreement or a loss, shrunk to its simplest form; or the spec cannot be read
  130  interrupted
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.exit_codes import FAILED, FRESH, INTERRUPTED
from scripts.fidelity import gate_judgement
from scripts.fidelity.judgement import DisagreementError
from scripts.fidelity.search import search
from scripts.fidelity.subjects import subjects
from spec.output import say, say_over
from spec.paths import SPEC
from spec.reader import SpecError, read_spec

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that the module's docstring describes, and returns its exit code."""
    options = _parse(argv)
    try:
        for subject in subjects(read_spec(options.spec)):
            counts = search(subject, options.examples, options.seed, _show)
            say(f"{subject.name}: {counts[True]} valid, {counts[False]} invalid, no disagreement, no loss")
        if options.pairs:
            judged = gate_judgement.search(options.pairs, options.seed, _show)
            say(f"the drift gate: {judged} pairs of schemas, no breaking change called compatible")
    except KeyboardInterrupt:
        say("\ninterrupted", file=sys.stderr)
        return INTERRUPTED
    except (SpecError, DisagreementError, gate_judgement.WrongGateError) as error:
        say(f"\n{error}", file=sys.stderr)
        return FAILED
    return FRESH


def _show(total: int) -> None:
    if sys.stderr.isatty() and total % 100 == 0:
        say_over(f"{total} instances")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number: 1 or more")
    return int(text)


def _count_or_none(text: str) -> int:
    return 0 if text == "0" else _count(text)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s fidelity --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--examples", type=_count, default=20_000, help="instances of each schema; default: 20000")
    parser.add_argument(
        "--pairs", type=_count_or_none, default=20_000, help="pairs of schemas for the gate, 0 for none; default: 20000"
    )
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    parser.add_argument("--spec", type=Path, default=SPEC, help="default: spec/openapi.yaml")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
