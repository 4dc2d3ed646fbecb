"""The processes that judge chunks of recordings: this one, or others beside it on this machine."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, Protocol

from contract_tests.run.cluster import connected
from contract_tests.traffic.chunks import cut
from contract_tests.traffic.texts import EarlierTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from concurrent.futures import Future

    from contract_tests.judge.memory import Known
    from contract_tests.judge.partial import Texts
    from contract_tests.traffic.chunks import Chunk
    from contract_tests.traffic.judging import ChunkJudge, JudgedChunk, JudgedTraffic
    from contract_tests.traffic.sources import Source

    Outcome = Callable[[], JudgedChunk]
    """Waits for the judgement of a chunk, and gives it."""

_METHOD: Final = "fork" if sys.platform == "linux" else "spawn"
"""How processes begin. A fork has the contract at once; elsewhere, libraries of the system do not survive it."""


class Workers(Protocol):
    """Whatever judges chunks."""

    @property
    def ahead(self) -> int:
        """How many chunks are handed over before the first of them is waited for."""

    def submit(self, chunk: Chunk, known: Texts) -> Outcome:
        """Hands a chunk over."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def judge_chunks(
    make_judge: Callable[[], ChunkJudge], sources: Sequence[Source], processes: int, cluster: str | None = None
) -> Iterator[tuple[Chunk, JudgedTraffic]]:
    """Judges recordings chunk by chunk, in their order: in a cluster of Dask by its address, or in so many processes.

    A single chunk is judged in this process.

    Raises:
        RecordingError: a recording cannot be read to its end, or the cluster cannot be used.
    """
    if cluster:
        with connected(cluster, make_judge) as workers, EarlierTexts() as earlier:
            yield from judge_in_order(workers.cut(sources), workers, earlier)
        return
    chunks = cut(sources)
    begin = list(islice(chunks, 2))
    with _workers(make_judge, processes if len(begin) > 1 else 1) as workers, EarlierTexts() as earlier:
        yield from judge_in_order(chain(begin, chunks), workers, earlier)


def judge_in_order(
    chunks: Iterator[Chunk], workers: Workers, earlier: EarlierTexts
) -> Iterator[tuple[Chunk, JudgedTraffic]]:
    """Has chunks judged, some ahead of the others, and gives their judgements in the order of the chunks."""
    waiting: deque[tuple[Chunk, Outcome]] = deque()
    for chunk in chunks:
        waiting.append((chunk, workers.submit(chunk, {})))
        if len(waiting) > workers.ahead:
            yield _settle(*waiting.popleft(), workers, earlier)
    while waiting:
        yield _settle(*waiting.popleft(), workers, earlier)


def _settle(chunk: Chunk, outcome: Outcome, workers: Workers, earlier: EarlierTexts) -> tuple[Chunk, JudgedTraffic]:
    """The judgement of a chunk. If it asks for texts that were there before, it is judged once more, with them.

    What it learns of them may have it ask for further ones.
    """
    found = outcome()
    known: dict[str, Known] = {}
    while repeated := earlier.find(found.missed):
        for name, texts in repeated.items():
            known[name] = {**known.get(name, {}), **texts}
        found = workers.submit(chunk, known)()
    earlier.add(found.noted)
    return chunk, found.judged


class Here:
    """Judges in this process."""

    ahead: Final = 0

    def __init__(self, judge: ChunkJudge) -> None:
        self._judge = judge

    def submit(self, chunk: Chunk, known: Texts) -> Outcome:
        """Puts a chunk off until it is waited for."""
        return partial(self._judge.judge, chunk, known)


class Processes:
    """Judges in processes of this machine. If one is lost, this process judges what it had."""

    def __init__(self, make_judge: Callable[[], ChunkJudge], pool: ProcessPoolExecutor, count: int) -> None:
        self.ahead: Final = 2 * count
        self._make_judge = make_judge
        self._pool = pool

    def submit(self, chunk: Chunk, known: Texts) -> Outcome:
        """Hands a chunk to the next process that has nothing to do."""
        try:
            return partial(self._wait, self._pool.submit(_judge, chunk.light, known), chunk, known)
        except BrokenProcessPool:
            return partial(self._make_judge().judge, chunk, known)

    def _wait(self, future: Future[JudgedChunk], chunk: Chunk, known: Texts) -> JudgedChunk:
        try:
            return future.result()
        except BrokenProcessPool:
            return self._make_judge().judge(chunk, known)


@contextmanager
def _workers(make_judge: Callable[[], ChunkJudge], processes: int) -> Generator[Workers, None, None]:
    if processes == 1:
        yield Here(make_judge())
        return
    context = multiprocessing.get_context(_METHOD)
    pool = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(make_judge,))
    try:
        yield Processes(make_judge, pool, processes)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_JUDGE: list[ChunkJudge] = []
"""The judge of a process that does nothing else."""


def _begin(make_judge: Callable[[], ChunkJudge]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    _JUDGE[:] = [make_judge()]
    gc.freeze()  # else what was there before is looked through again and again, and its pages are copied for that


def _judge(chunk: Chunk, known: Texts) -> JudgedChunk:
    return _JUDGE[0].judge(chunk, known)
