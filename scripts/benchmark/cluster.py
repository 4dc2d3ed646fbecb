"""Times the judging of a recording in a cluster of one worker, and of two, on this machine: 200,000 entries.

The scheduler and the workers run before the clock does. Workers judge on a core each, so two need two cores that have
nothing else to do, and the scheduler and the command want a part of a third. On a busy machine, read the processor
time. Two workers halve the time as far as theirs is the most of it.
"""

from __future__ import annotations

import argparse
import json
import operator
import resource
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

import psutil

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
            costs = {count: _time(folder, count) for count in (1, 2)}
        except (subprocess.CalledProcessError, TimeoutError) as error:
            say(str(error), file=sys.stderr)
            return 1
    say(describe(costs, entries))
    return 0


class Cost(NamedTuple):
    """The cost of a judging, in seconds."""

    wall: float
    command: float
    """The processor time of the command that asks the cluster, and merges."""
    cluster: float
    """The processor time of the scheduler and the workers."""


def describe(costs: dict[int, Cost], entries: int) -> str:
    """A line for each number of workers: the seconds, the ratio to those of one worker, and the processor time."""
    head = f"{entries} entries | time | ratio | processor time of the command, of the cluster"
    lines = [
        f"{count} worker(s) | {cost.wall:7.2f} s | {cost.wall / costs[1].wall:5.2f} | {cost.command:7.2f} s,"
        f" {cost.cluster:7.2f} s"
        for count, cost in costs.items()
    ]
    return "\n".join([head, *lines])


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.benchmark.cluster",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--entries", type=int, default=_ENTRIES, metavar="N", help="how many; default: 200000")
    return parser.parse_args(argv)


def _time(folder: Path, workers: int) -> Cost:
    """The cost of the judging in a cluster. Raises CalledProcessError or TimeoutError."""
    with ExitStack() as stack:
        processes: list[psutil.Process] = []
        address = _begin_cluster(folder / f"cluster-{workers}", workers, stack, processes)
        files = ("--report-dir", str(folder / "report"), str(folder / "traffic.ndjson"))
        command = (sys.executable, "-m", "contract_tests.recordings", "--cluster", address, *files)
        before, started = _spent(processes), time.monotonic()
        ended = subprocess.run(  # noqa: S603 - our own command
            command, cwd=folder, env=environment(), check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        if ended.returncode not in WORKED:
            raise subprocess.CalledProcessError(ended.returncode, command, stderr=ended.stderr)
        wall, (cluster, own) = time.monotonic() - started, map(operator.sub, _spent(processes), before)
        return Cost(wall, own, cluster)


def _spent(processes: Sequence[psutil.Process]) -> tuple[float, float]:
    """The processor time so far: of processes, and of all those that ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(sum(each.cpu_times()[:2]) for each in processes), ended.ru_utime + ended.ru_stime


def _begin_cluster(folder: Path, workers: int, stack: ExitStack, processes: list[psutil.Process]) -> str:
    """Begins a scheduler and workers, which end with the stack; returns the scheduler's address."""
    folder.mkdir()
    file = folder / "scheduler.json"
    _begin(processes, stack, "dask_scheduler", "--port=0", "--no-dashboard", f"--scheduler-file={file}")
    _wait_for(file)
    address = str(json.loads(file.read_text(encoding="utf-8"))["address"])
    for number in range(workers):
        place = f"--local-directory={folder / str(number)}"
        ready = folder / f"ready-{number}"
        settings = ("--nthreads=1", "--no-nanny", "--no-dashboard", place, f"--pid-file={ready}")
        _begin(processes, stack, "dask_worker", address, *settings)
        _wait_for(ready)
    return address


def _begin(processes: list[psutil.Process], stack: ExitStack, name: str, *arguments: str) -> None:
    command = (sys.executable, "-m", f"distributed.cli.{name}", "--host=127.0.0.1", *arguments)
    process = subprocess.Popen(  # noqa: S603 - Dask's commands
        command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    processes.append(psutil.Process(process.pid))
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
