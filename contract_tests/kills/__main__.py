"""Runs the suite against every broken server of the catalogue and says which faults it catches.

Our own requests go straight into each server, until the judge has the failure that must be found. With
--through-engine, each server gets a whole run, Schemathesis included. The exit code is 0 if every fault is caught by
the check that must catch it, and a whole run finds nothing on the mock itself; else 1.

With --curve, it prints which share of the faults is caught within 5, 10, 20, 40 and 60 calls. With --save as well, it
writes that to contract_tests/result/power.json, and the reports of later runs tell it.

With --stock, plain Schemathesis is run against a sample of 60. A fault counts as caught if any of its checks finds what
it does not find on the mock itself.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.kills import kill, recorded, stock
from contract_tests.kills.curve import describe_curve, score, trace
from contract_tests.kills.kill import TOKEN, catalogue
from contract_tests.kills.pool import run_all
from contract_tests.kills.report import describe_kills, describe_progress
from contract_tests.result.power_file import POWER_FILE, write_score
from contract_tests.runtime.serving import HOST, listen, serve_until_interrupted
from contract_tests.target.option_types import count, seed
from spec.output import say, say_json, say_over
from spec.paths import ROOT, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contract_tests.kills.kill import Kill

INTERRUPTED: Final = 130
_STOCK_SAMPLE: Final = 60
_TOLD_EACH: Final = 20
_ENGINES: Final = {
    "judge": (kill.kill_in_process, kill.run_on_the_mock),
    "suite": (kill.kill_through_engine, kill.run_on_the_mock),
    "recordings": (recorded.kill_recorded, recorded.run_on_the_mock),
    "stock": (stock.kill_with_stock, stock.run_on_the_mock),
}
"""How each engine runs against a fault, and against the mock itself."""


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says and returns the exit code."""
    options = _parse(argv)
    names = _choose(options)
    if not names:
        say(f"no fault is called like {options.only!r}; --list shows their names", file=sys.stderr)
        return 2
    if options.list:
        say("\n".join(names))
        return 0
    if options.serve:
        return _serve(options.serve)
    if options.save and (not options.curve or len(names) < len(catalogue())):
        say("--save goes with --curve and all faults: a part of them would be taken for the whole", file=sys.stderr)
        return 2
    try:
        return _draw_curve(names, options) if options.curve else _kill_all(names, options)
    except KeyboardInterrupt:
        say("\ninterrupted: nothing is claimed", file=sys.stderr)
        return INTERRUPTED


def _serve(name: str) -> int:
    if name not in catalogue():
        say(f"no fault is called {name!r}; --list shows their names", file=sys.stderr)
        return 2
    listener = listen(0)
    say(f"http://{HOST}:{listener.getsockname()[1]} takes the token {TOKEN}; Ctrl-C stops it")
    serve_until_interrupted(catalogue()[name].make_app(TOKEN), listener)
    return 0


def _draw_curve(names: list[str], options: argparse.Namespace) -> int:
    traces = list(run_all([partial(trace, name, options.seed) for name in names], options.workers))
    say(describe_curve(traces))
    if options.save:
        write_score(score(traces, f"{datetime.now(UTC):%Y-%m-%d}", _commit()))
        say(f"written to {short(POWER_FILE)}")
    return 0


def _commit() -> str:
    """The commit that is checked out, and whether files differ from it: `1a2b3c4-dirty`."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(command, check=True, capture_output=True, cwd=ROOT, text=True).stdout.strip()  # noqa: S603


def _kill_all(names: list[str], options: argparse.Namespace) -> int:
    one, on_the_mock = _ENGINES[options.engine]
    say(f"the mock and {len(names)} broken servers, {options.workers} at a time", file=sys.stderr)
    longest_first = sorted(names, key=lambda name: not catalogue()[name].takes_three_choices)
    runs = [partial(on_the_mock, options.seed), *(partial(one, name, options.seed) for name in longest_first)]
    unordered = _with_progress(run_all(runs, options.workers), len(runs))
    mock, *kills = sorted(unordered, key=lambda found: ["", *names].index(found.fault))
    if options.json:
        say_json({"mock": mock.model_dump(), "faults": [found.model_dump() for found in kills]})
    else:
        say(describe_kills(mock, kills))
    return 0 if all(found.is_caught or found.why_not_shown for found in kills) and not mock.caught_by else 1


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s kills --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    _add_engines(parser)
    parser.add_argument("--only", default="", metavar="TEXT", help="only the faults whose name has this in it")
    parser.add_argument(
        "--sample",
        type=count,
        metavar="N",
        help=f"only N faults, spread over the catalogue; default: all, or {_STOCK_SAMPLE} with --stock",
    )
    parser.add_argument("--curve", action="store_true", help="print the share of the faults that few calls catch")
    parser.add_argument("--save", action="store_true", help="with --curve: write the shares for reports to tell them")
    parser.add_argument("--list", action="store_true", help="print the names of the faults and stop")
    parser.add_argument(
        "--serve", metavar="NAME", help="serve the server with that fault until Ctrl-C, to try it by hand"
    )
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    parser.add_argument("--seed", type=seed, default=1, metavar="N", help="default: 1")
    parser.add_argument(
        "--workers", type=count, default=os.cpu_count() or 1, metavar="N", help="processes; default: one a core"
    )
    return parser.parse_args(argv)


def _add_engines(parser: argparse.ArgumentParser) -> None:
    engines = parser.add_mutually_exclusive_group()
    engines.add_argument(
        "--through-engine",
        action="store_const",
        dest="engine",
        const="suite",
        default="judge",
        help="run each server through Schemathesis too, as a user's run does; takes many times as long",
    )
    engines.add_argument(
        "--recorded",
        action="store_const",
        dest="engine",
        const="recordings",
        help="judge recordings of each server, as --recording does, and list the faults that no recording shows",
    )
    engines.add_argument(
        "--stock",
        action="store_const",
        dest="engine",
        const="stock",
        help="run plain Schemathesis instead of the suite, for comparison",
    )


def _choose(options: argparse.Namespace) -> list[str]:
    """The names of the faults to run, the same ones each time."""
    names = [name for name in catalogue() if options.only in name]
    sample = _STOCK_SAMPLE if options.sample is None and options.engine == "stock" else options.sample
    number = len(names) if sample is None else min(sample, len(names))
    return [names[index * len(names) // number] for index in range(number)]


def _with_progress(kills: Iterator[Kill], total: int) -> Iterator[Kill]:
    """The outcomes, with how far they are told on the way: on one line of a terminal, else on a line now and then."""
    started, missed, is_terminal = time.monotonic(), 0, sys.stderr.isatty()
    for number, found in enumerate(kills, 1):
        missed += found.fault != "" and not found.is_caught  # nothing is to be found on the mock itself
        if is_terminal or number == total or number % _TOLD_EACH == 1:
            text = describe_progress(number, total, missed, time.monotonic() - started)
            say_over(text)
        yield found
    say("", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
