"""Times whole commands in turn: the contract suite, and plain Schemathesis with its defaults, on the same mock.

Each pair runs one after the other, so that a machine that gets slower slows both. Read the ratio, pair by pair: the
seconds are this machine's. Both commands of a pair draw from the same seed, and each pair has another: how long random
tests take depends on what they draw. One check is off for Schemathesis, because the mock fails it by a false alarm,
which would end its coverage phase early. Each command runs once before it is timed, to fill its caches.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from scripts.benchmark import operations, proxy
from scripts.environment import tool_environment
from scripts.serving_mock import TOKEN, serving_mock
from spec.output import say
from spec.paths import ROOT, SPEC

if TYPE_CHECKING:
    from collections.abc import Sequence

_SUITE: Final = (sys.executable, "-m", "pytest", "-p", "no:hypothesispytest", "contract_tests", "-q")
_SUBJECTS: Final = {
    "suite without fuzzing": ("--no-fuzzing", "--no-all-known-names"),
    "suite with everything": (),
}
"""The options of the suite, by what a row of the table calls it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says and returns the exit code: 0, or 1 if a command fails."""
    options = _parse(argv)
    if options.proxy:
        return proxy.main([])
    if options.operations:
        return operations.main([])
    pairs = options.pairs
    with TemporaryDirectory(prefix="benchmark-") as folder, serving_mock() as mock:
        schemathesis = _schemathesis(mock.url)
        for name, flags in _SUBJECTS.items():
            suite = (*_SUITE, *flags, "--report-dir", f"{folder}/reports")
            try:
                times = _time_pairs(suite, schemathesis, Path(folder), pairs)
            except subprocess.CalledProcessError as error:
                say(f"{error.cmd} failed (exit {error.returncode}):\n{error.stdout.decode()}", file=sys.stderr)
                return 1
            say(describe(name, times))
    return 0


def describe(name: str, times: Sequence[tuple[float, float]]) -> str:
    """The seconds of each pair, the suite's first, and the medians."""
    rows = [f"{suite:8.2f} s {plain:8.2f} s  {suite / plain:6.2f}" for suite, plain in times]
    suites, plains = zip(*times, strict=True)
    ratio = median(suite / plain for suite, plain in times)
    medians = f"{median(suites):8.2f} s {median(plains):8.2f} s  {ratio:6.2f}  (medians)"
    return "\n".join([f"{name} | plain Schemathesis | ratio", *rows, medians, ""])


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s benchmark --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=5, metavar="N", help="how often each is timed; default: 5")
    parser.add_argument("--proxy", action="store_true", help="measure what the live proxy adds to a request instead")
    parser.add_argument("--operations", action="store_true", help="measure runs with 1 to 100 operations instead")
    return parser.parse_args(argv)


def _schemathesis(url: str) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "schemathesis.cli", "run", str(SPEC), "--url", url),
        *("--header", f"Authorization: Bearer {TOKEN}", "--exclude-checks", "missing_required_header"),
    )


def _time_pairs(
    suite: Sequence[str], schemathesis: Sequence[str], folder: Path, pairs: int
) -> list[tuple[float, float]]:
    """The seconds of each pair, after one that is not counted."""
    found = [(_time(suite, ROOT, seed), _time(schemathesis, folder, seed)) for seed in range(pairs + 1)]
    return found[1:]


def _time(command: Sequence[str], folder: Path, seed: int) -> float:
    """The seconds that a command takes with this seed. Raises CalledProcessError if it fails."""
    environment = tool_environment(NO_PROXY="*", PYTHONPATH=str(ROOT))
    started = time.monotonic()
    subprocess.run(  # noqa: S603 - our own commands
        (*command, "--seed", str(seed)),
        cwd=folder,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return time.monotonic() - started


if __name__ == "__main__":
    raise SystemExit(main())
