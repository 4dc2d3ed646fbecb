"""Runs the suite against every broken server of the catalogue and says which faults it catches.

Each run stops at its first finding. The exit code is 0 if every fault is caught by the check that must catch it,
else 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from typing import TYPE_CHECKING, Final

from contract_tests.kills.kill import Kill, catalogue, kill
from contract_tests.kills.pool import run_all
from contract_tests.kills.report import describe_kill, describe_score
from contract_tests.options import MAX_SEED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INTERRUPTED: Final = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says and returns the exit code."""
    options = _parse(argv)
    names = _choose(options.only, options.sample)
    if not names:
        print(f"no fault is called like {options.only!r}; --list shows their names", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(names))
        return 0
    try:
        kills = list(_run(names, options))
    except KeyboardInterrupt:
        print("\ninterrupted: nothing is claimed", file=sys.stderr)
        return INTERRUPTED
    print(json.dumps([found.model_dump() for found in kills], indent=2) if options.json else describe_score(kills))
    return 0 if all(found.is_caught for found in kills) else 1


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s kills --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", metavar="TEXT", help="only the faults whose name has this in it")
    parser.add_argument("--sample", type=int, metavar="N", help="only N faults, spread over the catalogue")
    parser.add_argument("--list", action="store_true", help="print the names of the faults and stop")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    parser.add_argument("--seed", type=int, default=1, choices=range(MAX_SEED), metavar="N", help="default: 1")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes; default: one a core"
    )
    return parser.parse_args(argv)


def _choose(only: str, sample: int | None) -> list[str]:
    names = [name for name in catalogue() if only in name]
    return (
        names if sample is None else [names[index * len(names) // sample] for index in range(min(sample, len(names)))]
    )


def _run(names: list[str], options: argparse.Namespace) -> Iterator[Kill]:
    """What comes of each fault, shown as it comes."""
    started = time.monotonic()
    for number, found in enumerate(run_all(names, kill, options.seed, options.workers), 1):
        progress = f"{number}/{len(names)} {time.monotonic() - started:.0f} s"
        print(describe_kill(found, progress), file=sys.stderr, flush=True)
        yield found


if __name__ == "__main__":
    raise SystemExit(main())
