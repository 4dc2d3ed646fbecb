"""Puts load on the mock with Locust, and prints a table of what the mock stood.

A first load of 20,000 requests fills what the mock remembers, and is not counted. Locust runs a master and workers of
its own. Where the machine is busy or has few cores, the mock gets less than one core; the requests for each second of
one core tell what it needs.

exit codes:
  0  no request failed, and the memory was flat
  1  a request failed, the memory grew, or the load cannot be put
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

from scripts.environment import tool_environment
from scripts.exit_codes import FAILED, FRESH
from scripts.load.table import Counted, Load, Reason, Usage, describe, read_counted, read_reasons
from scripts.serving_mock import TOKEN, NotServedError, ServedMock, serving_mock
from spec.output import say

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOCUSTFILE: Final = Path(__file__).with_name("locustfile.py")
_FILLING: Final = 20_000
"""The requests that fill what the mock remembers: 10,000 conversations."""
_LONGEST_ANSWER: Final = "60"
"""How many seconds Locust waits at the end for answers that are under way. It counts those it cuts off as failures."""


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says, and returns the exit code."""
    options = _parse(argv)
    try:
        with serving_mock() as mock:
            load = _measure(mock, options)
    except (NotServedError, OSError) as error:
        say(f"{error}", file=sys.stderr)
        return FAILED
    except subprocess.CalledProcessError as error:
        say(f"{error.cmd[0]} failed (exit {error.returncode}):\n{error.stderr}", file=sys.stderr)
        return FAILED
    say(describe(load))
    return FAILED if load.failures or not load.is_flat else FRESH


def _measure(mock: ServedMock, options: argparse.Namespace) -> Load:
    """Puts the load on the mock, after the one that is not counted. Raises CalledProcessError if Locust fails."""
    process = psutil.Process(mock.pid)
    _put(mock, options, _FILLING)
    before, started = _usage(process), time.monotonic()
    counted, reasons = _put(mock, options, options.requests)
    return Load(counted, options.connections, time.monotonic() - started, before, _usage(process), reasons)


def _put(
    mock: ServedMock, options: argparse.Namespace, requests: int
) -> tuple[tuple[Counted, ...], tuple[Reason, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        printed = _run_locust(mock, options, requests, Path(folder, "load"))
        # Locust names its files by what they begin with.
        return read_counted(printed), read_reasons(Path(folder, "load_failures.csv").read_text(encoding="utf-8"))


def _run_locust(mock: ServedMock, options: argparse.Namespace, requests: int, files: Path) -> str:
    command = [
        *(options.locust, "--locustfile", str(_LOCUSTFILE), "--host", mock.url, "--headless", "--json", "--skip-log"),
        *("--users", str(options.connections), "--spawn-rate", str(options.connections), "--exit-code-on-error", "0"),
        *("--processes", str(options.processes), "--stop-timeout", _LONGEST_ANSWER, "--csv", str(files)),
    ]
    environment = tool_environment(VOICEOS_TOKEN=TOKEN, LOAD_REQUESTS=str(requests), NO_PROXY="*")
    done = subprocess.run(  # noqa: S603 - the user's own command
        command, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def _usage(process: psutil.Process) -> Usage:
    times = process.cpu_times()
    return Usage(times.user + times.system, process.memory_info().rss)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s load --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--locust", default="locust", metavar="PATH", help="Locust's command; default: locust")
    parser.add_argument("--requests", type=int, default=200_000, metavar="N", help="default: 200000")
    parser.add_argument("--connections", type=int, default=500, metavar="N", help="at once; default: 500")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="of Locust's workers; default: 2")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
