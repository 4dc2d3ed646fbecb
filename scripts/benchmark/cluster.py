"""Times the judging of a recording in a cluster of one worker, and of two, on this machine: 200,000 entries.

The scheduler and the workers run before the clock does. Workers judge on a core each, so two need two cores that have
nothing else to do, and the scheduler and the command want a part of a third.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from scripts.benchmark.recordings import WORKED, environment, write_entries
from spec.output import say

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENTRIES: Final = 200_000
_START: Final = 60.0
"""How long a cluster may take to begin, in seconds."""


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says and returns the exit code: 0, or 1 if a command fails."""
    entries = _parse(argv).entries
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        write_entries(folder / "traffic.ndjson", entries)
        try:
            times = {count: _time(folder, count) for count in (1, 2)}
        except (subprocess.CalledProcessError, TimeoutError) as error:
            say(str(error), file=sys.stderr)
            return 1
    say(describe(times, entries))
    return 0


def describe(times: dict[int, float], entries: int) -> str:
    """A line for each number of workers: the seconds, and the ratio to those of one worker."""
    lines = [f"{count} worker(s) {seconds:7.2f} s  {seconds / times[1]:5.2f}" for count, seconds in times.items()]
    return "\n".join([f"{entries} entries; the last column is the ratio to one worker", *lines])


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.benchmark.cluster",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--entries", type=int, default=_ENTRIES, metavar="N", help="how many; default: 200000")
    return parser.parse_args(argv)


def _time(folder: Path, workers: int) -> float:
    """The seconds of the judging in a cluster. Raises CalledProcessError or TimeoutError."""
    with ExitStack() as stack:
        address = _begin_cluster(folder / f"cluster-{workers}", workers, stack)
        files = ("--report-dir", str(folder / "report"), str(folder / "traffic.ndjson"))
        command = (sys.executable, "-m", "contract_tests.recordings", "--cluster", address, *files)
        started = time.monotonic()
        ended = subprocess.run(  # noqa: S603 - our own command
            command, cwd=folder, env=environment(), check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        if ended.returncode not in WORKED:
            raise subprocess.CalledProcessError(ended.returncode, command, stderr=ended.stderr)
        return time.monotonic() - started


def _begin_cluster(folder: Path, workers: int, stack: ExitStack) -> str:
    """Begins a scheduler and workers, which end with the stack; returns the scheduler's address."""
    folder.mkdir()
    file = folder / "scheduler.json"
    _begin(stack, "dask_scheduler", "--port=0", "--no-dashboard", f"--scheduler-file={file}")
    _wait_for(file)
    address = str(json.loads(file.read_text(encoding="utf-8"))["address"])
    for number in range(workers):
        place = f"--local-directory={folder / str(number)}"
        ready = folder / f"ready-{number}"
        settings = ("--nthreads=1", "--no-nanny", "--no-dashboard", place, f"--pid-file={ready}")
        _begin(stack, "dask_worker", address, *settings)
        _wait_for(ready)
    return address


def _begin(stack: ExitStack, name: str, *arguments: str) -> None:
    command = (sys.executable, "-m", f"distributed.cli.{name}", "--host=127.0.0.1", *arguments)
    process = subprocess.Popen(  # noqa: S603 - Dask's commands
        command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    stack.callback(process.wait)
    stack.callback(process.kill)


def _wait_for(file: Path) -> None:
    """Waits until a file is there and has something in it. Raises TimeoutError."""
    deadline = time.monotonic() + _START
    while not (file.exists() and file.stat().st_size):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{file.name} is not written: a process of the cluster does not begin")
        time.sleep(0.1)


if __name__ == "__main__":
    raise SystemExit(main())
