"""A cluster of Dask comes to the result that one process comes to, whatever becomes of its workers."""

from __future__ import annotations

import importlib
import json
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from contract_tests.result.part import encode_part
from contract_tests.run.cluster import Cluster, ClusterError, ClusterWorkers, _begin, connected
from contract_tests.run.interrupted import RunInterrupted
from contract_tests.run.recording import judge_recording
from contract_tests.run.workers import Here, judge_in_order
from contract_tests.target.options import Options
from contract_tests.traffic.judging import JudgedTraffic
from contract_tests.traffic.sources import RecordingError
from contract_tests.traffic.texts import EarlierTexts
from spec.paths import ROOT
from tests.contract_tests.run.test_workers import make_judge, total_of
from tests.contract_tests.traffic.test_judging import told
from tests.support.repeating import MANY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from contract_tests.result.result import Result
    from contract_tests.traffic.sources import Source

pytestmark = pytest.mark.usefixtures("_short_chunks")
START = 60.0
"""How long a scheduler may take to begin, in seconds."""


class Client:
    """A client of a cluster whose work is done where it is asked for, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def nthreads(self) -> dict[str, int]:
        """One thread."""
        return {"tcp://here": 1}

    def submit(self, function: Callable[..., Any], *arguments: object, pure: bool) -> Future[Any]:
        """Does the work, or fails."""
        assert not pure
        future = Future[Any]()
        if self._error:
            future.set_exception(self._error)
        else:
            future.set_result(function(*arguments))
        return future


def judged_by(client: Client, source: Source) -> JudgedTraffic:
    workers = ClusterWorkers(Cluster(client, "tcp://here:1"), partial(make_judge, source))
    total = JudgedTraffic()
    with EarlierTexts() as earlier:
        for _, judged in judge_in_order(workers.cut([source]), workers, earlier):
            total.add(judged)
    return total


@pytest.mark.slow
def test_a_cluster_comes_to_what_one_process_comes_to(source: Source) -> None:
    assert told(judged_by(Client(), source)) == told(total_of(source, Here(make_judge(source))))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ModuleNotFoundError("No module named 'contract_tests'"), "cannot import .* Install this project there"),
        (CancelledError("lost"), "the scheduler is lost: lost"),
        (OSError("closed"), "the scheduler is lost: closed"),
        (RecordingError("--recording x cannot be read to its end"), "^--recording x cannot be read to its end$"),
    ],
)
def test_a_cluster_that_cannot_judge_says_why(source: Source, error: Exception, said: str) -> None:
    with pytest.raises(RecordingError, match=said):
        judged_by(Client(error), source)


def test_a_chunk_that_ends_each_worker_is_told(source: Source) -> None:
    killed = importlib.import_module("distributed").KilledWorker("judge", None, 3)
    with pytest.raises(ClusterError, match="each worker ended that judged a chunk"):
        judged_by(Client(killed), source)


class RealCluster:
    """A scheduler and two workers, each a process of its own on the loopback."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._stack = stack
        self._file = folder / "scheduler.json"
        self._begin("dask_scheduler", "--port=0", "--no-dashboard", f"--scheduler-file={self._file}")
        self.address = self._wait_for_address()
        folders = [folder / name for name in ("one", "two")]
        self.workers = [
            self._begin("dask_worker", self.address, "--no-nanny", "--no-dashboard", f"--local-directory={each}")
            for each in folders
        ]

    def _begin(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = (sys.executable, "-m", f"distributed.cli.{name}", "--host=127.0.0.1", *arguments)
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process

    def _wait_for_address(self) -> str:
        deadline = time.monotonic() + START
        while time.monotonic() < deadline:
            try:
                return str(json.loads(self._file.read_text())["address"])
            except (OSError, ValueError):
                time.sleep(0.05)
        raise TimeoutError("the scheduler does not begin")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[RealCluster]:
    with ExitStack() as stack:
        yield RealCluster(tmp_path, stack)


def judge_with(
    folder: Path, source: Source, address: str | None, on_progress: Callable[[object], None] = lambda _: None
) -> Result:
    options = replace(Options(folder / "report", seed=1), processes=1, cluster=address)
    with connected(address) if address else nullcontext() as cluster:
        result = judge_recording([source], options, on_progress=on_progress, cluster=cluster)
    settings = tuple(each for each in result.settings if each.name not in {"--processes", "--cluster"})
    return structs.replace(result, seconds=0, date="", settings=settings)


@pytest.mark.slow
def test_a_lost_worker_loses_nothing(tmp_path: Path, source: Source, cluster: RealCluster) -> None:
    def lose_one(_progress: object) -> None:
        cluster.workers[0].send_signal(signal.SIGKILL)

    judged = judge_with(tmp_path, source, cluster.address, lose_one)
    assert cluster.workers[0].poll() is not None
    assert encode_part(judged) == encode_part(judge_with(tmp_path, source, None))


def test_processes_of_this_machine_take_work_from_this_run_alone() -> None:
    begun: dict[str, Any] = {}

    class Dask:
        @staticmethod
        def LocalCluster(**settings: object) -> ExitStack:  # noqa: N802 - Dask's name
            begun.update(settings)
            return ExitStack()

    with ExitStack() as stack:
        _begin(Dask, "local:3", stack)
    assert (begun["n_workers"], begun["host"], begun["security"]) == (3, "127.0.0.1", True)


@pytest.mark.nightly
def test_processes_of_this_machine_come_to_the_same(tmp_path: Path, source: Source) -> None:
    judged = judge_with(tmp_path, source, "local:2")
    assert encode_part(judged) == encode_part(judge_with(tmp_path, source, None))


@pytest.mark.slow
def test_ctrl_c_ends_with_what_a_cluster_judged_until_then(
    tmp_path: Path, source: Source, cluster: RealCluster
) -> None:
    def interrupt(_progress: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(RunInterrupted) as raised:
        judge_with(tmp_path, source, cluster.address, interrupt)
    assert 0 < raised.value.result.requests < len(MANY)
    assert (tmp_path / "report" / "index.html").exists()
