"""A cluster of Dask that judges chunks of recordings: any number of machines, to the same result as in one process.

Its workers need this project and Dask. They read the files themselves, wherever all of them can: each asks for ranges
of bytes. Files that no range can be read of, such as compressed ones, are read here and sent.
"""

from __future__ import annotations

import gc
import importlib
import logging
import math
import pickle
import threading
import time
from collections import deque
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from contract_tests.traffic.chunks import cells_of, cut_apart, measure_cells
from contract_tests.traffic.sources import RecordingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from contract_tests.judge.memory import Known
    from contract_tests.traffic.chunks import Chunk, Span
    from contract_tests.traffic.formats.format import Content
    from contract_tests.traffic.judging import ChunkJudge, JudgedChunk
    from contract_tests.traffic.sources import Source

LOCAL: Final = "local:"
"""Begins an address that asks for a cluster of so many processes on this machine."""
_TIMEOUT: Final = "10s"
"""How long a scheduler may take to answer."""
CELL: Final = 8 * 2**20
"""The length of a cell, in bytes. It is longer than in processes here: to hand over a chunk costs more."""
_MEASURED: Final = 16
"""How many cells are measured at once: to ask for it takes longer than to measure one."""
_PARTS: Final = 4
"""How often as many are measured ahead of those that are judged."""
_COUNTED: Final = 1.0
"""How long a count of threads is good for, in seconds."""
_INSTALL: Final = "python -m pip install --group cluster --constraint constraints.txt"
_BEGIN: Final = "Begin it with `dask scheduler` and `dask worker`, or ask for --cluster local:4"
_SHARED: Final = "Put it where all workers find it under the same name"
_NEEDS: Final = "Install this project there, in the version that is here"
_AGAIN: Final = "See the cluster's logs, and judge again; without --cluster, this machine judges alone"
_T = TypeVar("_T")


class ClusterError(RecordingError):
    """A cluster cannot be used, or is lost. `str()` says why, and what to do."""


class Cluster:
    """A cluster that does work. Dask has another worker do what a lost one had."""

    def __init__(self, client: Any, address: str) -> None:  # noqa: ANN401 - Dask's
        self._client = client
        self._address = address
        self._counted = -math.inf
        self._threads: dict[str, int] = {}
        self._warm: list[Any] = []
        """The work of `warm_up`, which Dask forgets once nobody holds it."""

    @property
    def threads(self) -> Mapping[str, int]:
        """How many threads each worker has. They are counted every now and then, for workers come and go."""
        if time.monotonic() - self._counted > _COUNTED:
            self._threads, self._counted = self._ask(self._client.nthreads), time.monotonic()
        return self._threads

    def warm_up(self) -> None:
        """Has each worker import what it judges with, while the command does the same. A failure shows later."""
        self._warm = [self._client.submit(_import_judge, workers=[name], pure=False) for name in self.threads]

    def submit(self, function: Callable[..., _T], *arguments: object) -> Callable[[], _T]:
        """Hands work over. What it returns waits for the outcome."""
        future = self._ask(partial(self._client.submit, function, *arguments, pure=False))
        return partial(self._ask, future.result)

    def _ask(self, ask: Callable[[], _T]) -> _T:
        """Asks the cluster. Raises ClusterError if it is lost, or if its workers cannot do it."""
        try:
            return ask()
        except ImportError as error:
            raise ClusterError(
                f"--cluster {self._address}: a worker cannot import what it needs: {error}. {_NEEDS}"
            ) from error
        except (FileNotFoundError, PermissionError) as error:
            raise ClusterError(
                f"--cluster {self._address}: a worker cannot open a recording: {error}. {_SHARED}"
            ) from error
        except (OSError, CancelledError) as error:
            raise ClusterError(f"--cluster {self._address}: the scheduler is lost: {error}. {_AGAIN}") from error
        except importlib.import_module("distributed").KilledWorker as error:
            raise ClusterError(
                f"--cluster {self._address}: each worker ended that judged a chunk. They may lack memory. {_AGAIN}"
            ) from error


class ClusterWorkers:
    """The workers of a cluster, which judge chunks."""

    def __init__(self, cluster: Cluster, make_judge: Callable[[], ChunkJudge]) -> None:
        self._cluster = cluster
        self._made = pickle.dumps(make_judge)

    @property
    def ahead(self) -> int:
        """How many chunks are handed over before the first of them is waited for: two for each thread that judges."""
        return 2 * max(1, sum(self._cluster.threads.values()))

    def cut(self, sources: Sequence[Source]) -> Iterator[Chunk]:
        """Cuts recordings. The workers find out where lines begin."""
        return cut_apart(sources, self._measure)

    def submit(self, chunk: Chunk, known: Known) -> Callable[[], JudgedChunk]:
        """Hands a chunk over."""
        return self._cluster.submit(_judge, self._made, chunk.light, known)

    def _measure(self, content: Content, size: int) -> Iterator[Span]:
        cells = cells_of(size, CELL)
        parts = (cells[first : first + _MEASURED] for first in range(0, len(cells), _MEASURED))
        spans = (self._cluster.submit(measure_cells, content, part, CELL) for part in parts)
        waiting = deque(islice(spans, _PARTS))
        while waiting:
            yield from waiting.popleft()()
            waiting.extend(islice(spans, 1))


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Connects to a cluster, or begins one of processes on this machine. Raises ClusterError if that fails."""
    try:
        dask = importlib.import_module("distributed")
    except ImportError as error:
        raise ClusterError(f"--cluster needs Dask, which is not installed here: {_INSTALL}") from error
    with ExitStack() as stack:
        try:
            client = stack.enter_context(
                dask.Client(_begin(dask, address, stack), timeout=_TIMEOUT, set_as_default=False)
            )
        except (OSError, ValueError) as error:
            raise ClusterError(f"--cluster {address} cannot be reached: {error}. {_BEGIN}") from error
        cluster = Cluster(client, address)
        cluster.warm_up()
        yield cluster


def _begin(dask: Any, address: str, stack: ExitStack) -> Any:  # noqa: ANN401 - Dask's
    """The cluster at an address, begun if it is one of this machine."""
    if not address.startswith(LOCAL):
        return address
    count = int(address.removeprefix(LOCAL))
    # Whoever reaches a scheduler can run code. TLS with keys of this run keeps other users of this machine out.
    quiet = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
    settings = {"threads_per_worker": 1, "security": True, **quiet}
    return stack.enter_context(dask.LocalCluster(n_workers=count, host="127.0.0.1", **settings))


def _import_judge() -> None:
    importlib.import_module("contract_tests.traffic.judging")


_JUDGE: Final = threading.local()
"""The judge of a thread of a worker."""


def _judge(made: bytes, chunk: Chunk, known: Known) -> JudgedChunk:
    """Judges a chunk in a worker, which keeps the judge for the next one. `made` is how it is made, pickled."""
    if getattr(_JUDGE, "made", None) != made:
        _JUDGE.made, _JUDGE.judge = made, pickle.loads(made)()  # noqa: S301 - from whom the worker takes its work
        gc.freeze()  # else all of Dask is looked through again and again
    judged: JudgedChunk = _JUDGE.judge.judge(chunk, known)
    return judged
